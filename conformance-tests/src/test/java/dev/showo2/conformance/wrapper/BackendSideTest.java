package dev.showo2.conformance.wrapper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.spi.Capabilities;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.FusionRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.LanguageHeadRequest;
import dev.showo2.stage.LatentDistribution;
import dev.showo2.stage.Stage;
import dev.showo2.stage.TextEmbeddingRequest;
import dev.showo2.stage.TimeEmbeddingRequest;
import dev.showo2.stage.TimeFeatures;
import dev.showo2.stage.TokenGrid;
import dev.showo2.stage.VaeDecoderStream;
import dev.showo2.stage.VaeStreamRequest;
import dev.showo2.tensor.Tensor;
import java.util.EnumSet;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Backends that do not give what the SPI promises. */
class BackendSideTest extends WrapperTest {

  private static final TextEmbeddingRequest TEXT = TextEmbeddingRequest.of(new int[][] {{1, 2}});

  @Test
  void aResultIsThere() {
    small.textEmbedding = request -> null;
    assertBackendBroke(
        "TextEmbedding.embed",
        "a result is expected, found null",
        () -> backend.textEmbedding().embed(TEXT));
    small.textEmbedding = null;
    assertBackendBroke(
        "Backend.textEmbedding", "a stage is expected, found null", () -> backend.textEmbedding());
  }

  @Test
  void aResultHasItsShapeAndIsClosedIfNot() {
    SmallTensor wrong = new SmallTensor(1, 3, 8);
    small.textEmbedding = request -> wrong;
    assertBackendBroke(
        "TextEmbedding.embed",
        "embeddings of shape [1, 2, 8] is expected, found [1, 3, 8]",
        () -> backend.textEmbedding().embed(TEXT));
    assertEquals(1, wrong.closings);
    small.uploaded = wrong;
    assertBackendBroke(
        "Backend.upload", "a tensor of shape [2] is expected, found [1, 3, 8]", () -> tensor(2));
    assertEquals(0, backend.openHandles());
  }

  @Test
  void allPartsOfAResultAreJudged() {
    SmallTensor vector = new SmallTensor(1, 8);
    small.timeEmbedding = request -> new TimeFeatures(vector, new SmallTensor(1, 8));
    assertBackendBroke(
        "TimeEmbedding.embed",
        "a token of shape [1, 1, 8] is expected, found [1, 8]",
        () -> backend.timeEmbedding().embed(TimeEmbeddingRequest.repeated(0, 1)));
    assertEquals(1, vector.closings);
    Tensor pixels = tensor(1, 3, 1, 16, 16);
    SmallTensor both = new SmallTensor(1, 16, 1, 2, 2);
    small.vaeEncoder =
        new SmallVae() {
          @Override
          public LatentDistribution encodeImage(Tensor input) {
            return new LatentDistribution(both, both);
          }
        };
    assertBackendBroke(
        "VaeEncoder.encodeImage",
        "another object each time is expected, found one that is still open: " + both,
        () -> backend.vaeEncoder().encodeImage(pixels));
    assertEquals(1, backend.openHandles());
  }

  @Test
  void stagesGiveTheirOwnShapes() {
    Tensor hidden = tensor(1, 4, 8);
    small.languageHead = request -> new SmallTensor(1, 4, 16);
    assertBackendBroke(
        "LanguageHead.logits",
        "logits of shape [1, 1, 16] is expected, found [1, 4, 16]",
        () -> backend.languageHead().logits(LanguageHeadRequest.last(hidden)));
    Tensor latents = tensor(1, 16, 2, 4, 4);
    small.fusion = request -> new SmallTensor(1, 4, 8);
    assertBackendBroke(
        "Fusion.fuse",
        "tokens of shape [1, 8, 8] is expected, found [1, 4, 8]",
        () -> backend.fusion().fuse(FusionRequest.of(latents)));
    assertBackendBroke(
        "Fusion.fuse",
        "tokens of shape [1, 12, 8] is expected, found [1, 4, 8]",
        () -> backend.fusion().fuse(FusionRequest.of(latents, Optional.of(new TokenGrid(2, 3)))));
    small.flowHead =
        new SmallFlowHead() {
          @Override
          public Tensor velocity(FlowHeadRequest request) {
            return new SmallTensor(1, 4, 64);
          }
        };
    KvCache cache = backend.flowHead().newCache(CacheRequest.of(1));
    Tensor time = tensor(1, 8);
    assertBackendBroke(
        "FlowHead.velocity",
        "velocities of shape [1, 3, 64] is expected, found [1, 4, 64]",
        () -> backend.flowHead().velocity(FlowHeadRequest.span(cache, hidden, time)));
  }

  @Test
  void videosGrowAsPromised() {
    small.vaeDecoder =
        new SmallVae() {
          @Override
          public Stream openStream(VaeStreamRequest request) {
            return new Stream() {
              @Override
              public Tensor decode(Tensor latents) {
                return new SmallTensor(1, 3, 1, 16, 16);
              }
            };
          }
        };
    Tensor latents = tensor(1, 16, 1, 2, 2);
    VaeDecoderStream stream = backend.vaeDecoder().openStream(VaeStreamRequest.unspecified());
    stream.decode(latents).close();
    assertBackendBroke(
        "VaeDecoderStream.decode",
        "pixels of shape [1, 3, 4, 16, 16] is expected, found [1, 3, 1, 16, 16]",
        () -> stream.decode(latents));
  }

  @Test
  void capabilitiesStayAndStagesKeepToThem() {
    small.flowHead = null;
    UnsupportedFeatureException absent =
        (UnsupportedFeatureException)
            assertThrows(AssertionError.class, () -> backend.flowHead()).getCause();
    assertEquals("no flow head", absent.getMessage());
    Capabilities before = backend.capabilities();
    small.stages = EnumSet.of(Stage.BACKBONE);
    assertBackendBroke(
        "Backend.capabilities",
        "the same as before, " + before + " is expected, found " + small.capabilities(),
        () -> backend.capabilities());
    AssertingBackend less = AssertingBackend.around(small, bundle);
    assertThrows(UnsupportedFeatureException.class, less::flowHead);
    assertBackendBroke(
        "Backend.fusion",
        "an UnsupportedFeatureException for a stage that the capabilities do not name is expected,"
            + " found "
            + small.fusion,
        less::fusion);
    small.stages = null;
    assertBackendBroke(
        "Backend.capabilities",
        "capabilities is expected, found null",
        () -> AssertingBackend.around(small, bundle));
  }

  @Test
  void formsThatAreMissingAreRefused() {
    small.stages = EnumSet.of(Stage.VAE_VIDEO_DECODER, Stage.FUSION);
    AssertingBackend less = AssertingBackend.around(small, bundle);
    Tensor latents = less.upload(new SmallTensor(1, 16, 1, 2, 2).values);
    assertBackendBroke(
        "VaeDecoder.decodeImage",
        "an UnsupportedFeatureException, without vae_image_decoder in the capabilities, is"
            + " expected, found a result",
        () -> less.vaeDecoder().decodeImage(latents));
    assertBackendBroke(
        "Fusion.fuse",
        "an UnsupportedFeatureException, without fusion_resize in the capabilities, is"
            + " expected, found a result",
        () -> less.fusion().fuse(FusionRequest.of(latents, Optional.of(new TokenGrid(1, 1)))));
  }

  @Test
  void failuresAreOfTheKindsThatCallersKnow() {
    Error broken = new UnsatisfiedLinkError("libmissing");
    small.textEmbedding =
        request -> {
          throw broken;
        };
    AssertionError error =
        assertThrows(AssertionError.class, () -> backend.textEmbedding().embed(TEXT));
    assertEquals(
        "the backend broke the contract of TextEmbedding.embed: a ShowO2Exception,"
            + " IllegalArgumentException or IllegalStateException is expected, found "
            + broken,
        error.getMessage());
    assertSame(broken, error.getCause());
    RuntimeException known = new IllegalStateException("busy");
    small.textEmbedding =
        request -> {
          throw known;
        };
    assertSame(
        known,
        assertThrows(IllegalStateException.class, () -> backend.textEmbedding().embed(TEXT)));
  }
}
