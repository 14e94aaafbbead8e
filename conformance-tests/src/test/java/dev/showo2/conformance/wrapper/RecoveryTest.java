package dev.showo2.conformance.wrapper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.conformance.reference.ExportedModels;
import dev.showo2.conformance.reference.ExportedModels.Models;
import dev.showo2.conformance.wrapper.FaultPlan.Moment;
import dev.showo2.error.BackendException;
import dev.showo2.error.CancelledException;
import dev.showo2.error.InsufficientMemoryException;
import dev.showo2.error.ShowO2Exception;
import dev.showo2.pipeline.Cancellation;
import dev.showo2.pipeline.Conversation;
import dev.showo2.pipeline.GeneratedText;
import dev.showo2.pipeline.GenerationListener;
import dev.showo2.pipeline.ImageUnderstanding;
import dev.showo2.pipeline.TextOptions;
import dev.showo2.pipeline.internal.LoadedModel;
import dev.showo2.spi.Backend;
import dev.showo2.tiling.Tiling;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Checks recovery after a fault: of conversations, tiles, and requests that were held up. */
@ExtendWith(ExportedModels.class)
class RecoveryTest {

  @Test
  void aQuestionThatFailedAtEveryCallIsAnsweredAsIfNothingHadHappened(Models models) {
    try (TinyModel tiny = TinyModel.reference(models)) {
      GeneratedText expected;
      try (Conversation calm = conversation(tiny, tiny.asserting())) {
        expected = ask(calm);
      }
      AtomicInteger failing = new AtomicInteger();
      CrankyBackend cranky =
          CrankyBackend.around(
              tiny.asserting(),
              (moment, call, name) -> {
                if (moment == Moment.AFTER && call == failing.get()) {
                  throw new BackendException(name);
                }
              });
      int failures = 0;
      try (Conversation disturbed = conversation(tiny, cranky)) {
        GeneratedText answer = null;
        while (answer == null) {
          failing.set(cranky.calls() + failures);
          try {
            answer = ask(disturbed);
          } catch (BackendException e) {
            failures++;
          }
        }
        assertEquals(expected, answer);
      }
      assertTrue(failures > 5, "only " + failures + " failures");
      assertEquals(0, tiny.asserting().openHandles());
    }
  }

  private static Conversation conversation(TinyModel tiny, Backend backend) {
    return new ImageUnderstanding(new LoadedModel(tiny.bundle(), "tiny", backend, tiny.tokenizer()))
        .open(List.of(new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB)));
  }

  private static GeneratedText ask(Conversation conversation) {
    return conversation.ask(
        "What is it?", TextOptions.builder().maxTokens(2).build(), GenerationListener.NONE);
  }

  @Test
  void tilesTakeOverWhereMemoryRunsOut(Models models) {
    try (TinyModel tiny = TinyModel.zeros(models)) {
      for (Requests request : Requests.values()) {
        CrankyBackend undisturbed = CrankyBackend.around(tiny.asserting(), FaultPlan.NONE);
        List<?> expected = tiny.run(request, undisturbed);
        for (int call = 0; call < undisturbed.calls(); call++) {
          assertTilesTakeOver(tiny, request, expected, call);
        }
      }
    }
  }

  private static void assertTilesTakeOver(
      TinyModel tiny, Requests request, List<?> expected, int call) {
    List<String> failed = new ArrayList<>();
    Backend tiled =
        Tiling.AUTOMATIC
            .withTiles(32, 16)
            .wrap(
                CrankyBackend.around(
                    tiny.asserting(),
                    (moment, number, name) -> {
                      if (moment == Moment.BEFORE && number == call) {
                        failed.add(name);
                        throw new InsufficientMemoryException("no memory");
                      }
                    }));
    boolean recovers = true;
    try {
      assertEquals(expected, tiny.run(request, tiled));
    } catch (ShowO2Exception e) {
      recovers = false;
    }
    String where = request + ", call " + call + ", " + failed;
    if (failed.get(0).equals("VaeDecoder.decodeImage")) {
      assertTrue(recovers, where);
    }
    assertEquals(0, tiny.asserting().openHandles(), where);
  }

  @Test
  void aCancellationDuringASlowCallEndsTheRequestWithItsStep(Models models) throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    List<String> names = Collections.synchronizedList(new ArrayList<>());
    Cancellation cancellation = new Cancellation();
    try (TinyModel tiny = TinyModel.reference(models)) {
      CrankyBackend slow =
          CrankyBackend.around(
              tiny.asserting(),
              (moment, call, name) -> {
                if (moment == Moment.BEFORE) {
                  names.add(name);
                  if (name.equals("Fusion.fuse")) {
                    inside.countDown();
                    await(release);
                  }
                }
              });
      CompletableFuture<Void> request =
          CompletableFuture.runAsync(
              () ->
                  assertThrows(
                      CancelledException.class,
                      () ->
                          tiny.run(
                              model ->
                                  Requests.textToImage(
                                      model, cancellation.wrap(GenerationListener.NONE)),
                              slow)));
      await(inside);
      cancellation.cancel();
      release.countDown();
      request.get();
      assertEquals(1, Collections.frequency(names, "Fusion.fuse"), "steps begun");
      assertEquals(0, tiny.asserting().openHandles());
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
