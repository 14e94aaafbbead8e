package dev.showo2.backend.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.backend.onnx.ExportedModels.Models;
import dev.showo2.error.BackendException;
import dev.showo2.model.Bundle;
import dev.showo2.model.Integrity;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.support.BackendLifetime;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.FusionRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The stages that are opened after their backend, here all that have weights. */
@ExtendWith(ExportedModels.class)
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class BackgroundOpeningTest {

  private static OnnxOptions options(boolean background) {
    return OnnxOptions.of(
        BackendConfig.builder().option("background-opening", Boolean.toString(background)).build(),
        OnnxOptions.IntegerProducts.exact(),
        1,
        folder -> 0);
  }

  private static HostTensor fuse(Bundle bundle, boolean background) {
    try (OpenBackend open =
            new OpenBackend(bundle, OnnxBackend.open(bundle, options(background)), null);
        Tensor latents = open.uploadRandom(1, 1, 16, 1, 8, 8);
        Tensor tokens = open.backend().fusion().fuse(FusionRequest.of(latents))) {
      return tokens.toHost();
    }
  }

  @Test
  void theyComputeTheSame(Models models) {
    Bundle bundle = models.bundle("tiny-a");
    assertEquals(fuse(bundle, false), fuse(bundle, true));
  }

  @Test
  void manyFirstCallsOpenAGraphOnce(Models models) throws ExecutionException, InterruptedException {
    BackendLifetime lifetime = new BackendLifetime("test");
    try (OnnxSessions sessions =
        OnnxSessions.open(
            OnnxEnvironment.get(), models.bundle("tiny-a"), options(true), lifetime)) {
      List<FutureTask<OnnxGraph>> calls = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        calls.add(new FutureTask<>(() -> sessions.graph(Stage.BACKBONE)));
      }
      calls.forEach(call -> new Thread(call).start());
      for (FutureTask<OnnxGraph> call : calls) {
        assertSame(calls.get(0).get(), call.get());
      }
    } finally {
      lifetime.close(() -> {});
    }
  }

  @Test
  void aGraphThatIsNoneFailsTheCallThatNeedsIt(Models models, @TempDir Path folder)
      throws IOException {
    Bundle bundle = withBrokenFlowHead(models.bundle("tiny-a"), folder.resolve("copy"));
    OnnxBackend backend = OnnxBackend.open(bundle, options(true));
    try (OpenBackend open = new OpenBackend(bundle, backend, null);
        KvCache cache = backend.flowHead().newCache(CacheRequest.of(1));
        Tensor hidden = open.uploadRandom(1, 1, 3, open.hiddenSize());
        Tensor latents = open.uploadRandom(1, 1, 16, 1, 8, 8)) {
      FlowHeadRequest request = FlowHeadRequest.text(cache, hidden);
      for (int i = 0; i < 2; i++) {
        String message =
            assertThrows(BackendException.class, () -> backend.flowHead().append(request))
                .getMessage();
        assertTrue(message.startsWith("opening stage flow_head from "), message);
        assertEquals(0, cache.length());
      }
      backend.fusion().fuse(FusionRequest.of(latents)).close();
    }
    OnnxOptions atOnce = options(false);
    assertThrows(BackendException.class, () -> OnnxBackend.open(bundle, atOnce));
  }

  @Test
  void closingMeanwhileEndsIt(Models models) {
    Bundle bundle = models.bundle("tiny-a");
    BackendLifetime lifetime = new BackendLifetime("test");
    OnnxSessions sessions =
        OnnxSessions.open(OnnxEnvironment.get(), bundle, options(true), lifetime);
    lifetime.close(sessions::close);
    sessions.close();
    assertThrows(IllegalStateException.class, () -> sessions.graph(Stage.BACKBONE));
  }

  @Test
  void sessionsThatAreClosedOpenNoMore(Models models) {
    BackendLifetime lifetime = new BackendLifetime("test");
    OnnxSessions sessions =
        OnnxSessions.open(OnnxEnvironment.get(), models.bundle("tiny-a"), options(true), lifetime);
    sessions.close();
    assertThrows(IllegalStateException.class, () -> sessions.graph(Stage.VAE_IMAGE_ENCODER));
    lifetime.close(() -> {});
  }

  @Test
  void theWeightsOfAGraphAreThoseThatItNames(Models models) {
    Bundle bundle = models.bundle("tiny-a");
    Path fusion = bundle.directory().resolve("fusion.onnx");
    GraphWeights weights = GraphWeights.of(bundle, fusion);
    assertEquals(
        List.of("fusion.safetensors"), weights.files().stream().map(file -> file.name()).toList());
    assertEquals(
        bundle.directory().resolve("fusion.safetensors").toFile().length(), weights.bytes());
  }

  private static Bundle withBrokenFlowHead(Bundle bundle, Path target) throws IOException {
    Files.createDirectory(target);
    try (Stream<Path> files = Files.list(bundle.directory())) {
      for (Path file : files.toList()) {
        Files.copy(file, target.resolve(file.getFileName()));
      }
    }
    for (String name : List.of("flow_head.onnx", "flow_head_ort.onnx")) {
      Path graph = target.resolve(name);
      if (Files.exists(graph)) {
        // Still names its weights, which make it a large one.
        byte[] bytes = new byte[(int) Files.size(graph)];
        byte[] weights = "flow_head.safetensors".getBytes();
        System.arraycopy(weights, 0, bytes, bytes.length / 2, weights.length);
        Files.write(graph, bytes);
      }
    }
    return Bundle.open(target, Integrity.SIZES);
  }
}
