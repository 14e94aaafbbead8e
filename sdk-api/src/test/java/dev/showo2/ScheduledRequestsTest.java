package dev.showo2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.CancelledException;
import dev.showo2.error.OverloadedException;
import dev.showo2.pipeline.DenoisingStep;
import dev.showo2.pipeline.GeneratedImage;
import dev.showo2.pipeline.GenerationListener;
import dev.showo2.pipeline.Scheduling;
import dev.showo2.pipeline.TextToImageRequest;
import dev.showo2.pipeline.TextToVideoRequest;
import dev.showo2.spi.Backends;
import dev.showo2.stage.Fusion;
import dev.showo2.tensor.HostTensor;
import dev.showo2.testing.FakeBackend;
import dev.showo2.testing.FakeBundle;
import dev.showo2.testing.FakeProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Requests of several clients to one model that takes turns. */
@Timeout(120)
class ScheduledRequestsTest {

  private static final int CLIENTS = 16;
  private static final int REQUESTS = 1008;
  private static final int KINDS = 12;
  private static final int RUNNING = 4;

  @TempDir Path folder;
  private final FakeBackend backend = new FakeBackend();
  private final AtomicInteger computing = new AtomicInteger();
  private final AtomicInteger mostComputing = new AtomicInteger();

  @BeforeEach
  void watch() throws IOException {
    FakeBundle.write(folder);
    Fusion fusion = backend.fusion();
    backend.fusion(
        request -> {
          mostComputing.accumulateAndGet(computing.incrementAndGet(), Math::max);
          try {
            return fusion.fuse(request);
          } finally {
            computing.decrementAndGet();
          }
        });
  }

  @Test
  void aThousandRequestsOfSixteenClientsAreAsIfEachWereAlone() throws Exception {
    Map<Integer, HostTensor> alone = new HashMap<>();
    int openAlone;
    try (ShowO2 model = model(Scheduling.DEFAULTS)) {
      for (int kind = 0; kind < KINDS; kind++) {
        alone.put(kind, draw(model, kind, GenerationListener.NONE));
      }
      openAlone = backend.log().mostOpen();
      assertEquals(0, backend.log().stillOpen());
    }
    AtomicInteger cancelled = new AtomicInteger();
    AtomicInteger failed = new AtomicInteger();
    AtomicInteger right = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    try (ShowO2 model = model(Scheduling.builder().running(RUNNING).build())) {
      List<Future<?>> clients = new ArrayList<>();
      for (int client = 0; client < CLIENTS; client++) {
        ShowO2 own = model.forClient("client " + client);
        int first = client;
        clients.add(
            threads.submit(
                () -> {
                  for (int i = first; i < REQUESTS; i += CLIENTS) {
                    int kind = i % KINDS;
                    if (i % 10 == 3) {
                      assertThrows(
                          CancelledException.class, () -> draw(own, kind, new CancelledAtAStep()));
                      cancelled.incrementAndGet();
                    } else if (i % 20 == 7) {
                      assertThrows(Failure.class, () -> draw(own, kind, new FailsAtAStep()));
                      failed.incrementAndGet();
                    } else {
                      assertEquals(alone.get(kind), draw(own, kind, GenerationListener.NONE));
                      right.incrementAndGet();
                    }
                  }
                }));
      }
      for (Future<?> client : clients) {
        client.get();
      }
      assertEquals(101, cancelled.get());
      assertEquals(REQUESTS, cancelled.get() + failed.get() + right.get());
      assertEquals(1, mostComputing.get());
      assertEquals(0, backend.log().stillOpen());
      assertTrue(
          backend.log().mostOpen() <= RUNNING * openAlone,
          backend.log().mostOpen() + " open, alone " + openAlone);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void asynchronousRequestsRunSideBySideAndBeyondThePlacesTheyFail() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    GenerationListener held =
        new GenerationListener() {
          @Override
          public void step(DenoisingStep step) {
            begun.countDown();
            try {
              goOn.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }
        };
    TextToImageRequest request = request(1);
    try (ShowO2 model = model(Scheduling.builder().running(2).waiting(1).build())) {
      List<CompletableFuture<GeneratedImage>> futures = new ArrayList<>();
      futures.add(model.textToImage().generateAsync(request, held));
      begun.await();
      for (int i = 0; i < 2; i++) {
        futures.add(model.textToImage().generateAsync(request, GenerationListener.NONE));
      }
      CompletableFuture<GeneratedImage> refused =
          model.textToImage().generateAsync(request, GenerationListener.NONE);
      OverloadedException failure =
          assertInstanceOf(
              OverloadedException.class,
              assertThrows(CompletionException.class, refused::join).getCause());
      assertTrue(failure.retryAfter().toSeconds() >= 1, failure.getMessage());
      futures.get(2).cancel(true);
      goOn.countDown();
      assertEquals(futures.get(0).join().latents(), futures.get(1).join().latents());
    }
    assertEquals(0, backend.log().stillOpen());
  }

  @Test
  void aListenerMayAskTheModelItself() {
    try (ShowO2 model = model(Scheduling.builder().running(1).waiting(0).build())) {
      List<HostTensor> inner = new ArrayList<>();
      HostTensor outer =
          draw(
              model,
              1,
              new GenerationListener() {
                @Override
                public void step(DenoisingStep step) {
                  if (step.index() == 1) {
                    inner.add(draw(model, 1, GenerationListener.NONE));
                  }
                }
              });
      assertEquals(List.of(outer), inner);
    }
  }

  @Test
  void closingAViewLeavesTheModelOpen() {
    try (ShowO2 model = model(Scheduling.DEFAULTS)) {
      ShowO2 view = model.forClient("a");
      view.close();
      assertEquals(draw(model, 2, GenerationListener.NONE), draw(view, 2, GenerationListener.NONE));
    }
    assertTrue(backend.isClosed());
  }

  private ShowO2 model(Scheduling scheduling) {
    return ShowO2.builder(folder)
        .backends(Backends.of(new FakeProvider("fake").opening(bundle -> backend)))
        .scheduling(scheduling)
        .open();
  }

  /** Images of several seeds, prompts and lengths, and videos; gives the latents. */
  private static HostTensor draw(ShowO2 model, int kind, GenerationListener listener) {
    if (kind % 4 == 3) {
      TextToVideoRequest video =
          TextToVideoRequest.builder("a").seed(kind).steps(3 + kind % 3).latentFrames(2).build();
      return model.textToVideo().generate(video, (index, frame) -> {}, listener).latents();
    }
    return model.textToImage().generate(request(kind), listener).latents();
  }

  private static TextToImageRequest request(int kind) {
    TextToImageRequest request =
        TextToImageRequest.builder(kind % 2 == 0 ? "a" : "a red circle")
            .seed(kind)
            .steps(3 + kind % 3)
            .build();
    assertEquals(OptionalLong.of(kind), request.options().seed());
    return request;
  }

  private static final class Failure extends RuntimeException {

    private static final long serialVersionUID = 1L;
  }

  private static final class FailsAtAStep implements GenerationListener {

    @Override
    public void step(DenoisingStep step) {
      if (step.index() == 1) {
        throw new Failure();
      }
    }
  }

  private static final class CancelledAtAStep implements GenerationListener {

    private boolean over;

    @Override
    public void step(DenoisingStep step) {
      over |= step.index() == 1;
    }

    @Override
    public boolean cancelled() {
      return over;
    }
  }
}
