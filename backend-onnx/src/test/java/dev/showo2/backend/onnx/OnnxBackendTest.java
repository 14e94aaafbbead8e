package dev.showo2.backend.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.backend.onnx.ExportedModels.Models;
import dev.showo2.error.BackendException;
import dev.showo2.error.InvalidRequestException;
import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.model.Bundle;
import dev.showo2.model.Integrity;
import dev.showo2.spi.Availability;
import dev.showo2.spi.Backend;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.BackendProvider;
import dev.showo2.spi.Backends;
import dev.showo2.stage.FusionRequest;
import dev.showo2.stage.Stage;
import dev.showo2.stage.TextEmbeddingRequest;
import dev.showo2.stage.VaeDecoderStream;
import dev.showo2.stage.VaeStreamRequest;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(ExportedModels.class)
class OnnxBackendTest {

  @Test
  void isFoundAndPresentsItself() {
    BackendProvider provider = Backends.find().select(Optional.empty());
    assertEquals("onnx", provider.id());
    assertEquals("ONNX Runtime", provider.info().name());
    assertTrue(provider.info().version().startsWith("1."), provider.info().version());
    assertInstanceOf(Availability.Usable.class, provider.probe());
  }

  @Test
  void offersEveryStage(Models models) {
    try (OpenBackend open = OpenBackend.open(models.bundle("tiny-a"))) {
      assertEquals(EnumSet.allOf(Stage.class), open.backend().capabilities().stages());
    }
  }

  private static void missing(String stage, Runnable call) {
    String message = assertThrows(UnsupportedFeatureException.class, call::run).getMessage();
    assertTrue(message.contains("no stage " + stage), message);
  }

  @Test
  void nothingRunsAfterClosing(Models models) {
    OpenBackend open = OpenBackend.open(models.bundle("tiny-a"));
    OnnxBackend backend = open.backend();
    Tensor early = open.uploadRandom(1, 1, 3, open.hiddenSize());
    var textEmbedding = backend.textEmbedding();
    backend.close();
    backend.close();
    assertThrows(IllegalStateException.class, early::toHost);
    assertThrows(
        IllegalStateException.class,
        () -> textEmbedding.embed(TextEmbeddingRequest.repeated(new int[] {1}, 1)));
    assertThrows(
        IllegalStateException.class, () -> backend.upload(FloatBuffer.allocate(1), Shape.of(1)));
    early.close();
    open.close();
  }

  @Test
  void tensorsAreCheckedBeforeTheEngineSeesThem(Models models) {
    try (OpenBackend open = OpenBackend.open(models.bundle("tiny-a"));
        OpenBackend another = OpenBackend.open(models.bundle("tiny-a"));
        Tensor foreign = another.uploadRandom(1, 1, 16, 1, 8, 8)) {
      FusionRequest request = FusionRequest.of(foreign);
      assertThrows(IllegalArgumentException.class, () -> open.backend().fusion().fuse(request));
      Tensor closed = open.uploadRandom(1, 1, 16, 1, 8, 8);
      closed.close();
      closed.close();
      FusionRequest afterwards = FusionRequest.of(closed);
      assertThrows(IllegalStateException.class, () -> open.backend().fusion().fuse(afterwards));
      assertThrows(
          IllegalArgumentException.class,
          () -> open.backend().upload(FloatBuffer.allocate(3), Shape.of(4)));
      TextEmbeddingRequest outside = TextEmbeddingRequest.repeated(new int[] {508}, 1);
      String message =
          assertThrows(
                  InvalidRequestException.class,
                  () -> open.backend().textEmbedding().embed(outside))
              .getMessage();
      assertTrue(message.contains("from 0 to 507, found 508"), message);
    }
  }

  @Test
  void misshapenTensorsAreRefusedBeforeTheEngineSeesThem(Models models) {
    try (OpenBackend open = OpenBackend.open(models.bundle("tiny-a"));
        Tensor misshapen = open.uploadRandom(1, 1, 15, 1, 8, 8);
        Tensor odd = open.uploadRandom(1, 1, 16, 1, 8, 7);
        Tensor large = open.uploadRandom(1, 1, 16, 1, 10, 10)) {
      refused(open, misshapen, "latents [B, 16, T, h, w] is needed, found [1, 15, 1, 8, 8]");
      refused(
          open,
          odd,
          "latents [B, 16, T, h, w] with height and width in multiples of 2 is needed, found"
              + " [1, 16, 1, 8, 7]");
      refused(open, large, "latents: this checkpoint has positions for 4x4 tokens only, found 5x5");
    }
  }

  private static void refused(OpenBackend open, Tensor latents, String message) {
    FusionRequest request = FusionRequest.of(latents);
    assertEquals(
        message,
        assertThrows(IllegalArgumentException.class, () -> open.backend().fusion().fuse(request))
            .getMessage());
  }

  @Test
  void videosKeepTheSizeWithWhichTheyBegan(Models models) {
    try (OpenBackend open = OpenBackend.open(models.bundle("tiny-a"));
        VaeDecoderStream stream =
            open.backend().vaeDecoder().openStream(VaeStreamRequest.unspecified());
        Tensor first = open.uploadRandom(1, 1, 16, 1, 2, 2);
        Tensor wider = open.uploadRandom(1, 1, 16, 1, 2, 3)) {
      stream.decode(first).close();
      assertEquals(
          "latents [B, 16, 1, h, w] of the batch and size of the first chunk [1, 16, 1, 2, 2] is"
              + " needed, found [1, 16, 1, 2, 3]",
          assertThrows(IllegalArgumentException.class, () -> stream.decode(wider)).getMessage());
      stream.decode(first).close();
    }
  }

  @Test
  void noSessionOpensOnceTheBackendIsClosed(Models models) {
    OpenBackend open = OpenBackend.open(models.bundle("tiny-a"));
    OnnxBackend backend = open.backend();
    open.close();
    assertThrows(IllegalStateException.class, backend::languageHead);
    assertThrows(
        IllegalStateException.class,
        () -> backend.vaeDecoder().openStream(VaeStreamRequest.unspecified()));
  }

  @Test
  void latentsThatACheckpointHasNoPositionsForAreRefused(Models models) {
    try (OpenBackend open = OpenBackend.open(models.bundle("tiny-a"));
        Tensor other = open.uploadRandom(1, 1, 16, 1, 4, 6)) {
      FusionRequest request = FusionRequest.of(other);
      assertEquals(
          "latents: this checkpoint has positions for 4x4 tokens only, found 2x3",
          assertThrows(IllegalArgumentException.class, () -> open.backend().fusion().fuse(request))
              .getMessage());
    }
  }

  @Test
  void aGraphThatIsNoneFailsWhileOpening(Models models, @TempDir Path folder) throws IOException {
    Path copy = copy(models.bundle("tiny-a"), folder.resolve("copy"));
    Path graph = copy.resolve("flow_head_ort.onnx");
    Files.write(graph, new byte[(int) Files.size(graph)]);
    Bundle damaged = Bundle.open(copy, Integrity.SIZES);
    BackendProvider provider = new OnnxBackendProvider();
    BackendConfig config = BackendConfig.defaults();
    String message =
        assertThrows(BackendException.class, () -> provider.open(damaged, config)).getMessage();
    assertTrue(message.startsWith("opening stage flow_head from "), message);
  }

  @Test
  void aBundleWithoutAGraphLacksThatStageOnly(Models models, @TempDir Path folder)
      throws IOException {
    Path copy = copy(models.bundle("tiny-a"), folder.resolve("copy"));
    Path manifest = copy.resolve("showo2.json");
    String json = Files.readString(manifest);
    String without = json.replaceFirst("\\{\\s*\"stage\": \"language_head\"[^}]*},\\s*", "");
    assertTrue(without.length() < json.length());
    Files.writeString(manifest, without);
    try (Backend backend =
        new OnnxBackendProvider().open(Bundle.open(copy), BackendConfig.defaults())) {
      missing("language_head", backend::languageHead);
      assertTrue(backend.capabilities().supports(Stage.BACKBONE));
    }
  }

  private static Path copy(Bundle bundle, Path target) throws IOException {
    Files.createDirectory(target);
    try (Stream<Path> files = Files.list(bundle.directory())) {
      for (Path file : files.toList()) {
        Files.copy(file, target.resolve(file.getFileName()));
      }
    }
    return target;
  }
}
