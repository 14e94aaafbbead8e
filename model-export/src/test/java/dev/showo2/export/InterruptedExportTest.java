package dev.showo2.export;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.CancelledException;
import dev.showo2.export.checkpoint.TestCheckpoint;
import dev.showo2.model.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InterruptedExportTest {

  @TempDir Path folder;

  private ExportRequest request;

  @BeforeEach
  void writeCheckpoint() throws IOException {
    request =
        ExportRequest.of(
            TestCheckpoint.tiny().write(folder.resolve("checkpoint")), folder.resolve("bundle"));
  }

  @AfterEach
  void forgetTheInterruption() {
    Thread.interrupted();
  }

  /** Reading, writing and checking end in different ways when their thread is interrupted. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "reading ",
        "writing text.safetensors",
        "writing vae_image.safetensors",
        "writing graphs",
        "not checking stages"
      })
  void endsAtAnyPhase(String phase) throws IOException {
    assertCancelled(interruptingAt(phase));
  }

  @ParameterizedTest
  @ValueSource(strings = {"calibrating text_embedding", "calibrating flow_head"})
  void endsAtAnyStageOfTheCalibration(String phase) throws IOException {
    request = request.withPrecision(ExportPrecision.of(Precision.INT8));
    assertCancelled(interruptingAt(phase));
  }

  @Test
  void endsInTheMiddleOfTheCalibration() throws IOException {
    request = request.withPrecision(ExportPrecision.of(Precision.INT4));
    assertCancelled(
        new ExportListener() {
          @Override
          public void progress(long done, long total) {
            assertFalse(Thread.currentThread().isInterrupted(), "it goes on");
            Thread.currentThread().interrupt();
          }

          @Override
          public void phase(String what) {
            assertFalse(what.startsWith("writing"), what);
          }
        });
  }

  @Test
  void endsInTheMiddleOfTheWeights() throws IOException {
    assertCancelled(interruptingWhen(done -> done > 100_000));
  }

  @Test
  void endsAtTheLastWeight() throws IOException {
    long[] total = new long[1];
    ModelExporter.export(
        ExportRequest.of(request.checkpoint(), folder.resolve("whole")),
        new ExportListener() {
          @Override
          public void progress(long done, long all) {
            total[0] = all;
          }
        });
    assertCancelled(interruptingWhen(done -> done == total[0]));
  }

  @Test
  void doesNotStartOnAnInterruptedThread() throws IOException {
    Thread.currentThread().interrupt();
    assertCancelled(ExportListener.NONE);
  }

  private void assertCancelled(ExportListener listener) throws IOException {
    Leftovers.assertRefused(CancelledException.class, request, listener, "interrupted");
    assertTrue(Thread.currentThread().isInterrupted(), "the interruption stays visible");
  }

  private static ExportListener interruptingAt(String phase) {
    return new ExportListener() {
      @Override
      public void phase(String what) {
        if (what.startsWith(phase)) {
          Thread.currentThread().interrupt();
        }
      }
    };
  }

  private static ExportListener interruptingWhen(LongPredicate done) {
    return new ExportListener() {
      @Override
      public void progress(long soFar, long total) {
        if (done.test(soFar)) {
          Thread.currentThread().interrupt();
        }
      }
    };
  }
}
