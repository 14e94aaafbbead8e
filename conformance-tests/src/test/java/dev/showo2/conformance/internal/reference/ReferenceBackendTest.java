package dev.showo2.conformance.internal.reference;

import static dev.showo2.testing.Tensors.take;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.conformance.reference.ExportedModels;
import dev.showo2.conformance.reference.ExportedModels.Models;
import dev.showo2.conformance.reference.ReferenceBackendProvider;
import dev.showo2.error.InsufficientMemoryException;
import dev.showo2.error.InvalidModelException;
import dev.showo2.error.InvalidRequestException;
import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.model.Bundle;
import dev.showo2.model.Integrity;
import dev.showo2.spi.Availability;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.BackendProvider;
import dev.showo2.spi.Backends;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.FusionRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.LanguageHeadRequest;
import dev.showo2.stage.Stage;
import dev.showo2.stage.TextEmbeddingRequest;
import dev.showo2.stage.TimeEmbeddingRequest;
import dev.showo2.stage.TokenGrid;
import dev.showo2.stage.VaeDecoderStream;
import dev.showo2.stage.VaeStreamRequest;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import dev.showo2.testing.Tensors;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(ExportedModels.class)
class ReferenceBackendTest {

  @Test
  void isFoundByItsIdAndSaysThatItIsSlow() {
    BackendProvider provider = Backends.find().select(Optional.of("reference"));
    assertInstanceOf(ReferenceBackendProvider.class, provider);
    assertEquals("pure Java, slow, for comparison; Java", provider.info().name());
    assertEquals(Runtime.version().toString(), provider.info().version());
    assertEquals(Integer.MIN_VALUE, provider.info().priority(), "no engine is below it");
    assertInstanceOf(Availability.Usable.class, provider.probe());
  }

  @Test
  void otherDevicesAndAllOptionsAreRefused(Models models) {
    assertEquals(
        "the backend 'reference' computes on the device \"cpu\", asked for \"cuda\"",
        refused(models, BackendConfig.builder().device("cuda").build()));
    assertEquals(
        "the backend 'reference' has no options [speed]; it knows none at all",
        refused(models, BackendConfig.builder().option("speed", "11").build()));
  }

  private static String refused(Models models, BackendConfig config) {
    Bundle bundle = models.bundle("tiny-a");
    BackendProvider provider = new ReferenceBackendProvider();
    return assertThrows(UnsupportedFeatureException.class, () -> provider.open(bundle, config))
        .getMessage();
  }

  @Test
  void offersEveryStage(Models models) {
    try (OpenBackend open = OpenBackend.open(models.bundle("tiny-a"))) {
      assertEquals(EnumSet.allOf(Stage.class), open.backend().capabilities().stages());
    }
  }

  @Test
  void theNumberOfThreadsChangesNoBit(Models models) {
    HostTensor expected = decoded(models, OptionalInt.of(1));
    assertEquals(expected, decoded(models, OptionalInt.of(3)));
    assertEquals(expected, decoded(models, OptionalInt.empty()));
  }

  private static HostTensor decoded(Models models, OptionalInt threads) {
    try (OpenBackend open = OpenBackend.open(models.bundle("tiny-a"), threads);
        Tensor latents = open.uploadRandom(1, 1, 16, 1, 6, 4)) {
      return take(open.backend().vaeDecoder().decodeImage(latents));
    }
  }

  @Test
  void stagesServeSeveralThreadsAtOnce(Models models) throws Exception {
    try (OpenBackend open = OpenBackend.open(models.bundle("tiny-b"))) {
      HostTensor expected = fused(open);
      ExecutorService threads = Executors.newFixedThreadPool(4);
      try {
        List<Future<HostTensor>> results = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
          results.add(threads.submit(() -> fused(open)));
        }
        for (Future<HostTensor> result : results) {
          assertEquals(expected, result.get());
        }
      } finally {
        threads.shutdownNow();
      }
    }
  }

  private static HostTensor fused(OpenBackend open) {
    try (Tensor latents = open.uploadRandom(2, 1, 16, 2, 8, 12)) {
      return take(
          open.backend()
              .fusion()
              .fuse(FusionRequest.of(latents, Optional.of(new TokenGrid(2, 3)))));
    }
  }

  @Test
  void nothingRunsAfterClosing(Models models) {
    ReferenceBackend backend = ReferenceBackend.open(models.bundle("tiny-a"), OptionalInt.empty());
    Tensor early = backend.upload(Tensors.random(1, 1, 16, 1, 2, 2));
    KvCache cache = backend.backbone().newCache(CacheRequest.of(1));
    VaeDecoderStream stream = backend.vaeDecoder().openStream(VaeStreamRequest.unspecified());
    assertEquals(3, backend.lifetime().openResources());
    backend.close();
    backend.close();
    assertClosed(early::toHost);
    assertClosed(() -> backend.upload(FloatBuffer.allocate(1), Shape.of(1)));
    assertClosed(cache::fork);
    assertClosed(() -> cache.truncate(0));
    assertClosed(() -> backend.backbone().newCache(CacheRequest.of(1)));
    assertClosed(() -> stream.decode(early));
    assertClosed(() -> backend.vaeDecoder().decodeImage(early));
    assertClosed(
        () -> backend.textEmbedding().embed(TextEmbeddingRequest.repeated(new int[] {1}, 1)));
    assertClosed(() -> backend.timeEmbedding().embed(TimeEmbeddingRequest.repeated(0.5f, 1)));
    for (AutoCloseable handle : List.of(early, cache, stream, early, cache, stream)) {
      closeQuietly(handle);
    }
    assertEquals(0, backend.lifetime().openResources(), "each counted once");
  }

  private static void assertClosed(Runnable call) {
    assertEquals(
        "the backend 'reference' is closed",
        assertThrows(IllegalStateException.class, call::run).getMessage());
  }

  private static void closeQuietly(AutoCloseable handle) {
    try {
      handle.close();
    } catch (Exception e) {
      throw new AssertionError("handles close without exceptions", e);
    }
  }

  @Test
  void tensorsAreCheckedBeforeAnythingIsComputed(Models models) {
    try (OpenBackend open = OpenBackend.open(models.bundle("tiny-a"));
        OpenBackend another = OpenBackend.open(models.bundle("tiny-a"));
        Tensor foreign = another.uploadRandom(1, 1, 16, 1, 8, 8);
        Tensor narrow = open.uploadRandom(1, 1, 3, 63);
        Tensor larger = open.uploadRandom(1, 1, 16, 1, 8, 12);
        Tensor hidden = open.uploadRandom(1, 1, 3, 64);
        KvCache cache = open.backend().flowHead().newCache(CacheRequest.of(1))) {
      ReferenceBackend backend = open.backend();
      assertRefused(
          "latents [B, 16, T, h, w]: a tensor of this backend is needed; upload the values of"
              + " HostBackedTensor[1, 16, 1, 8, 8] first",
          () -> backend.fusion().fuse(FusionRequest.of(foreign)));
      assertRefused(
          "latents: this checkpoint has positions for 4x4 tokens only, found 4x6",
          () -> backend.fusion().fuse(FusionRequest.of(larger)));
      assertRefused(
          "hidden [B, S, 64] is needed, found [1, 3, 63]",
          () -> backend.languageHead().logits(LanguageHeadRequest.last(narrow)));
      assertRefused(
          "time [1, 96] is needed, found [1, 3, 64]",
          () -> backend.flowHead().velocity(FlowHeadRequest.span(cache, hidden, hidden)));
      assertRefused(
          "[4] needs 4 values, the buffer has 3",
          () -> backend.upload(FloatBuffer.allocate(3), Shape.of(4)));
      assertRefused(
          "[1, 3, 64] has 192 values, the destination takes 5",
          () -> hidden.read(FloatBuffer.allocate(5)));
      TextEmbeddingRequest outside = TextEmbeddingRequest.repeated(new int[] {508}, 1);
      assertEquals(
          "token ids go from 0 to 507, found 508",
          assertThrows(InvalidRequestException.class, () -> backend.textEmbedding().embed(outside))
              .getMessage());
    }
  }

  private static void assertRefused(String message, Runnable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
  }

  @Test
  void whatTheHeapHasNoRoomForIsSaidSo() {
    assertEquals(
        "10000000000 values are more than one Java array holds",
        assertThrows(InsufficientMemoryException.class, () -> Matrix.zeros(100_000, 100_000))
            .getMessage());
  }

  @Test
  void closedTensorsAreRefused(Models models) {
    try (OpenBackend open = OpenBackend.open(models.bundle("tiny-a"))) {
      Tensor closed = open.uploadRandom(1, 1, 16, 1, 8, 8);
      closed.close();
      closed.close();
      FusionRequest request = FusionRequest.of(closed);
      assertThrows(IllegalStateException.class, closed::toHost);
      assertEquals(
          "the tensor [1, 16, 1, 8, 8] is closed",
          assertThrows(IllegalStateException.class, () -> open.backend().fusion().fuse(request))
              .getMessage());
    }
  }

  @Test
  void aMissingWeightIsNamed(Models models, @TempDir Path folder) throws IOException {
    String message = withAnotherHeader(models, folder.resolve("a"), "linear.bias", "linear.bigs");
    assertTrue(
        message.matches(
            "bundle tiny-a at .* lacks the weight 'diffusion_head_b.linear.bias'; export the"
                + " checkpoint again"),
        message);
  }

  @Test
  void aWeightOfAnotherShapeIsNamed(Models models, @TempDir Path folder) throws IOException {
    String message = withAnotherHeader(models, folder.resolve("b"), "[64,96]", "[96,64]");
    assertTrue(
        message.startsWith("the weight 'time_embed_proj.weight' of bundle tiny-a at "), message);
    assertTrue(
        message.endsWith(" should be [64, 96], found [96, 64]; export the checkpoint again"),
        message);
  }

  /** Opens a copy of tiny-a in which the file of the flow head says something else. */
  private static String withAnotherHeader(Models models, Path copy, String text, String other)
      throws IOException {
    Files.createDirectory(copy);
    try (Stream<Path> files = Files.list(models.bundle("tiny-a").directory())) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    Path weights = copy.resolve("flow_head.safetensors");
    String bytes = Files.readString(weights, StandardCharsets.ISO_8859_1);
    assertTrue(bytes.contains(text));
    Files.writeString(weights, bytes.replace(text, other), StandardCharsets.ISO_8859_1);
    Bundle damaged = Bundle.open(copy, Integrity.SIZES);
    BackendProvider provider = new ReferenceBackendProvider();
    BackendConfig config = BackendConfig.defaults();
    return assertThrows(InvalidModelException.class, () -> provider.open(damaged, config))
        .getMessage();
  }
}
