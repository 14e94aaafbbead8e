package dev.showo2.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.BackendException;
import dev.showo2.error.CancelledException;
import dev.showo2.export.checkpoint.TestCheckpoint;
import dev.showo2.export.checkpoint.TinyArchitecture;
import dev.showo2.model.Bundle;
import dev.showo2.model.BundleFile;
import dev.showo2.model.BundleManifest;
import dev.showo2.model.Precision;
import dev.showo2.stage.Stage;
import dev.showo2.testing.FakeBackend;
import dev.showo2.testing.FakeProvider;
import dev.showo2.testing.RegisteredProvider;
import dev.showo2.testing.TensorChanges;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a backend whose stages give the same for the VAE in every precision, or do not. */
class Fp32VaeBaselineTest {

  private static final String COMPARING = "comparing the VAE";

  @TempDir Path folder;

  private final FakeBackend backend = FakeBackend.of(TinyArchitecture.TIED).filledWith(0.5f);
  private final FakeProvider provider =
      new FakeProvider("fake")
          .opening(bundle -> backend.opened())
          .running(Set.of(Precision.FP32, Precision.FP16));
  private ExportRequest request;

  @BeforeEach
  void writeCheckpoint() throws Exception {
    request =
        ExportRequest.of(
                TestCheckpoint.tiny().write(folder.resolve("checkpoint")), folder.resolve("bundle"))
            .withPrecision(ExportPrecision.parse("vae=fp16"));
  }

  @Test
  void equalValuesHaveNoError() throws Exception {
    assertEquals(OptionalDouble.of(0), error(export(ExportListener.NONE)));
  }

  @Test
  void nothingOfItStays() throws Exception {
    Path bundle = export(ExportListener.NONE).bundle();
    Stream<String> listed = Bundle.open(bundle).manifest().files().stream().map(BundleFile::name);
    assertEquals(
        Stream.concat(listed, Stream.of(BundleManifest.FILE_NAME)).sorted().toList(),
        Leftovers.names(bundle));
    assertEquals(0, backend.log().stillOpen(), "everything is closed");
  }

  /** The same values times 1 + 2^-6, as far as the stage in half precision gives them. */
  @Test
  void otherValuesAreRefused() throws Exception {
    backend.changing(Stage.VAE_VIDEO_DECODER, TensorChanges.scaled(1 + 0x1p-6f));
    assertRefused(
        BackendException.class,
        when(COMPARING, () -> backend.changing(Stage.VAE_VIDEO_DECODER, UnaryOperator.identity())),
        "stage vae_video_decoder of the exported bundle is off by 0.0156",
        " more than the 0.005 that its precision allows");
  }

  @Test
  void aStageThatFailsInFp32LeavesNothing() throws Exception {
    IllegalStateException bug = new IllegalStateException("no kernel");
    assertRefused(
        BackendException.class,
        when(
            COMPARING, () -> backend.changing(Stage.VAE_IMAGE_ENCODER, TensorChanges.failing(bug))),
        "vae_image_encoder",
        "no kernel");
  }

  @Test
  void interruptionLeavesNothing() throws Exception {
    try {
      assertRefused(
          CancelledException.class,
          when(COMPARING, () -> Thread.currentThread().interrupt()),
          "interrupted");
    } finally {
      assertTrue(Thread.interrupted(), "the interruption stays visible");
    }
  }

  @Test
  void stagesThatTheBackendLacksHaveNoError() throws Exception {
    ModelPart.VAE.stages().forEach(backend::without);
    assertEquals(OptionalDouble.empty(), error(export(ExportListener.NONE)));
  }

  private static OptionalDouble error(ExportSummary summary) {
    return summary.parts().get(ModelPart.VAE.ordinal()).error();
  }

  private static ExportListener when(String phase, Runnable then) {
    return new ExportListener() {
      @Override
      public void phase(String what) {
        if (what.startsWith(phase)) {
          then.run();
        }
      }
    };
  }

  private ExportSummary export(ExportListener listener) throws Exception {
    return RegisteredProvider.using(provider, () -> ModelExporter.export(request, listener));
  }

  private <T extends Exception> void assertRefused(
      Class<T> type, ExportListener listener, String... parts) throws Exception {
    RegisteredProvider.using(
        provider, () -> Leftovers.assertRefused(type, request, listener, parts));
    assertEquals(0, backend.log().stillOpen(), "everything is closed");
  }
}
