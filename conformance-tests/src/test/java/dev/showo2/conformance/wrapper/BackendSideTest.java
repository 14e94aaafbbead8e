package dev.showo2.conformance.wrapper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.spi.Capabilities;
import dev.showo2.spi.support.ForwardingFlowHead;
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
import dev.showo2.stage.VaeDecoder;
import dev.showo2.stage.VaeDecoderStream;
import dev.showo2.stage.VaeEncoder;
import dev.showo2.stage.VaeEncoderStream;
import dev.showo2.stage.VaeStreamRequest;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Backends that do not give what the SPI promises. */
class BackendSideTest extends WrapperTest {

  private static final TextEmbeddingRequest TEXT = TextEmbeddingRequest.of(new int[][] {{1, 2}});

  @Test
  void aResultIsThere() {
    fake.textEmbedding(request -> null);
    assertBackendBroke(
        "TextEmbedding.embed",
        "a result is expected, found null",
        () -> backend.textEmbedding().embed(TEXT));
    fake.textEmbedding(null);
    assertBackendBroke(
        "Backend.textEmbedding", "a stage is expected, found null", () -> backend.textEmbedding());
  }

  @Test
  void aResultHasItsShapeAndIsClosedIfNot() {
    SmallTensor wrong = new SmallTensor(1, 3, 8);
    fake.textEmbedding(request -> wrong);
    assertBackendBroke(
        "TextEmbedding.embed",
        "embeddings of shape [1, 2, 8] is expected, found [1, 3, 8]",
        () -> backend.textEmbedding().embed(TEXT));
    assertEquals(1, wrong.closings);
    uploaded = wrong;
    assertBackendBroke(
        "Backend.upload", "a tensor of shape [2] is expected, found [1, 3, 8]", () -> tensor(2));
    assertEquals(0, backend.openHandles());
  }

  @Test
  void allPartsOfAResultAreJudged() {
    SmallTensor vector = new SmallTensor(1, 4);
    fake.timeEmbedding(request -> new TimeFeatures(vector, new SmallTensor(1, 8)));
    assertBackendBroke(
        "TimeEmbedding.embed",
        "a token of shape [1, 1, 8] is expected, found [1, 8]",
        () -> backend.timeEmbedding().embed(TimeEmbeddingRequest.repeated(0, 1)));
    assertEquals(1, vector.closings);
    Tensor pixels = tensor(1, 3, 1, 16, 16);
    SmallTensor both = new SmallTensor(1, 16, 1, 2, 2);
    VaeEncoder encoder = fake.vaeEncoder();
    fake.vaeEncoder(
        new VaeEncoder() {
          @Override
          public LatentDistribution encodeImage(Tensor input) {
            return new LatentDistribution(both, both);
          }

          @Override
          public VaeEncoderStream openStream(VaeStreamRequest request) {
            return encoder.openStream(request);
          }
        });
    assertBackendBroke(
        "VaeEncoder.encodeImage",
        "another object each time is expected, found one that is still open: " + both,
        () -> backend.vaeEncoder().encodeImage(pixels));
    assertEquals(1, backend.openHandles());
  }

  @Test
  void stagesGiveTheirOwnShapes() {
    Tensor hidden = tensor(1, 4, 8);
    fake.languageHead(request -> new SmallTensor(1, 4, 508));
    assertBackendBroke(
        "LanguageHead.logits",
        "logits of shape [1, 1, 508] is expected, found [1, 4, 508]",
        () -> backend.languageHead().logits(LanguageHeadRequest.last(hidden)));
    Tensor latents = tensor(1, 16, 2, 4, 4);
    fake.fusion(request -> new SmallTensor(1, 4, 8));
    assertBackendBroke(
        "Fusion.fuse",
        "tokens of shape [1, 8, 8] is expected, found [1, 4, 8]",
        () -> backend.fusion().fuse(FusionRequest.of(latents)));
    assertBackendBroke(
        "Fusion.fuse",
        "tokens of shape [1, 12, 8] is expected, found [1, 4, 8]",
        () -> backend.fusion().fuse(FusionRequest.of(latents, Optional.of(new TokenGrid(2, 3)))));
    fake.flowHead(
        new ForwardingFlowHead(fake.flowHead()) {
          @Override
          public Tensor velocity(FlowHeadRequest request) {
            return new SmallTensor(1, 4, 64);
          }
        });
    KvCache cache = backend.flowHead().newCache(CacheRequest.of(1));
    Tensor time = tensor(1, 4);
    assertBackendBroke(
        "FlowHead.velocity",
        "velocities of shape [1, 3, 64] is expected, found [1, 4, 64]",
        () -> backend.flowHead().velocity(FlowHeadRequest.span(cache, hidden, time)));
  }

  @Test
  void videosGrowAsPromised() {
    VaeDecoder decoder = fake.vaeDecoder();
    fake.vaeDecoder(
        new VaeDecoder() {
          @Override
          public Tensor decodeImage(Tensor latents) {
            return decoder.decodeImage(latents);
          }

          @Override
          public VaeDecoderStream openStream(VaeStreamRequest request) {
            return new VaeDecoderStream() {
              @Override
              public Tensor decode(Tensor latents) {
                return new SmallTensor(1, 3, 1, 16, 16);
              }

              @Override
              public void close() {}
            };
          }
        });
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
    capabilities = () -> Capabilities.of(EnumSet.allOf(Stage.class));
    fake.without(Stage.FLOW_HEAD);
    UnsupportedFeatureException absent =
        (UnsupportedFeatureException)
            assertThrows(AssertionError.class, () -> backend.flowHead()).getCause();
    assertEquals("the fake backend has no stage flow_head", absent.getMessage());
    Capabilities before = backend.capabilities();
    Capabilities fewer = Capabilities.of(EnumSet.of(Stage.BACKBONE));
    capabilities = () -> fewer;
    assertBackendBroke(
        "Backend.capabilities",
        "the same as before, " + before + " is expected, found " + fewer,
        () -> backend.capabilities());
    AssertingBackend less = asserting();
    assertThrows(UnsupportedFeatureException.class, less::flowHead);
    assertBackendBroke(
        "Backend.fusion",
        "an UnsupportedFeatureException for a stage that the capabilities do not name is expected,"
            + " found "
            + fake.fusion(),
        less::fusion);
    capabilities = () -> null;
    assertBackendBroke(
        "Backend.capabilities", "capabilities is expected, found null", () -> asserting());
  }

  @Test
  void formsThatAreMissingAreRefused() {
    Set<Stage> offered = EnumSet.of(Stage.VAE_VIDEO_DECODER, Stage.FUSION);
    capabilities = () -> Capabilities.of(offered);
    AssertingBackend less = asserting();
    Tensor latents = less.upload(HostTensor.zeros(Shape.of(1, 16, 1, 2, 2)));
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
    fake.textEmbedding(
        request -> {
          throw broken;
        });
    AssertionError error =
        assertThrows(AssertionError.class, () -> backend.textEmbedding().embed(TEXT));
    assertEquals(
        "the backend broke the contract of TextEmbedding.embed: a ShowO2Exception,"
            + " IllegalArgumentException or IllegalStateException is expected, found "
            + broken,
        error.getMessage());
    assertSame(broken, error.getCause());
    RuntimeException known = new IllegalStateException("busy");
    fake.textEmbedding(
        request -> {
          throw known;
        });
    assertSame(
        known,
        assertThrows(IllegalStateException.class, () -> backend.textEmbedding().embed(TEXT)));
  }
}
