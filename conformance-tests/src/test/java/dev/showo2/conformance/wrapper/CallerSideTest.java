package dev.showo2.conformance.wrapper;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.showo2.stage.Attention;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.FusionRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.LanguageHeadRequest;
import dev.showo2.stage.Stage;
import dev.showo2.stage.TextEmbeddingRequest;
import dev.showo2.stage.VaeDecoderStream;
import dev.showo2.stage.VaeEncoderStream;
import dev.showo2.stage.VaeStreamRequest;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import dev.showo2.testing.FakeCache;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Callers that do not bring what the SPI asks for. */
class CallerSideTest extends WrapperTest {

  private BackboneRequest segment(KvCache cache, Tensor... parts) {
    return BackboneRequest.of(cache, List.of(parts), Attention.CAUSAL);
  }

  @Test
  void nothingMayBeNull() {
    String found = "request is expected, found null";
    assertCallerBroke("TextEmbedding.embed", found, () -> backend.textEmbedding().embed(null));
    assertCallerBroke("TimeEmbedding.embed", found, () -> backend.timeEmbedding().embed(null));
    assertCallerBroke("Fusion.fuse", found, () -> backend.fusion().fuse(null));
    assertCallerBroke("Backbone.append", found, () -> backend.backbone().append(null));
    assertCallerBroke("LanguageHead.logits", found, () -> backend.languageHead().logits(null));
    assertCallerBroke("FlowHead.append", found, () -> backend.flowHead().append(null));
    assertCallerBroke(
        "VaeEncoder.encodeImage",
        "pixels is expected, found null",
        () -> backend.vaeEncoder().encodeImage(null));
    assertCallerBroke(
        "Backend.upload",
        "values is expected, found null",
        () -> backend.upload((HostTensor) null));
    assertCallerBroke(
        "Backend.upload",
        "shape is expected, found null",
        () -> backend.upload(FloatBuffer.allocate(1), null));
    Tensor tensor = tensor(1);
    assertCallerBroke(
        "Tensor.read", "destination is expected, found null", () -> tensor.read(null));
  }

  @Test
  void tokenIdsAreInTheVocabulary() {
    for (int id : new int[] {-1, 508}) {
      assertCallerBroke(
          "TextEmbedding.embed",
          "a token id from 0 to 507 is expected, found " + id,
          () -> backend.textEmbedding().embed(TextEmbeddingRequest.of(new int[][] {{3, id}})));
    }
  }

  @Test
  void tensorsAreTheBackendsOwn() {
    Tensor foreign = new SmallTensor(1, 2, 8);
    assertCallerBroke(
        "LanguageHead.logits",
        "hidden: a tensor of this backend is expected, found " + foreign,
        () -> backend.languageHead().logits(LanguageHeadRequest.last(foreign)));
  }

  @Test
  void tensorsHaveThePromisedShapes() {
    Tensor narrow = tensor(1, 2, 7);
    assertCallerBroke(
        "LanguageHead.logits",
        "hidden of shape [any, any, 8] is expected, found [1, 2, 7]",
        () -> backend.languageHead().logits(LanguageHeadRequest.last(narrow)));
    Tensor odd = tensor(1, 16, 1, 3, 4);
    assertCallerBroke(
        "Fusion.fuse",
        "latents with h and w in multiples of 2 is expected, found [1, 16, 1, 3, 4]",
        () -> backend.fusion().fuse(FusionRequest.of(odd)));
    Tensor flat = tensor(16, 4, 4);
    assertCallerBroke(
        "VaeDecoder.decodeImage",
        "latents of shape [any, 16, 1, any, any] is expected, found [16, 4, 4]",
        () -> backend.vaeDecoder().decodeImage(flat));
    Tensor ragged = tensor(1, 3, 1, 12, 16);
    assertCallerBroke(
        "VaeEncoder.encodeImage",
        "pixels with H and W in multiples of 8 is expected, found [1, 3, 1, 12, 16]",
        () -> backend.vaeEncoder().encodeImage(ragged));
    assertCallerBroke(
        "Backend.upload",
        "a buffer with 6 elements remaining is expected, found "
            + "java.nio.HeapFloatBuffer[pos=0 lim=5 cap=5]",
        () -> backend.upload(FloatBuffer.allocate(5), Shape.of(2, 3)));
    assertCallerBroke(
        "Tensor.read",
        "a writable destination with 14 elements remaining is expected, found "
            + "java.nio.HeapFloatBuffer[pos=0 lim=13 cap=13]",
        () -> narrow.read(FloatBuffer.allocate(13)));
  }

  @Test
  void segmentsFitTheirCache() {
    KvCache cache = backend.backbone().newCache(CacheRequest.of(2));
    Tensor two = tensor(2, 3, 8);
    Tensor one = tensor(1, 3, 8);
    assertCallerBroke(
        "Backbone.evaluate",
        "embeddings[1] of shape [2, any, 8] is expected, found [1, 3, 8]",
        () -> backend.backbone().evaluate(segment(cache, two, one)));
    KvCache foreign = new FakeCache(fake.log(), Stage.BACKBONE, 2, 0);
    assertCallerBroke(
        "Backbone.append",
        "a cache of this backend is expected, found " + foreign,
        () -> backend.backbone().append(segment(foreign, two)));
    assertCallerBroke(
        "Backbone.newCache",
        "a batch from 1 is expected, found 0",
        () -> backend.backbone().newCache(CacheRequest.of(0)));
    assertCallerBroke(
        "KvCache.truncate", "a length from 0 to 0 is expected, found 1", () -> cache.truncate(1));
    assertCallerBroke(
        "KvCache.truncate", "a length from 0 to 0 is expected, found -1", () -> cache.truncate(-1));
  }

  @Test
  void cachesStayWithTheirStage() {
    KvCache ofBackbone = backend.backbone().newCache(CacheRequest.of(1));
    KvCache ofFlowHead = backend.flowHead().newCache(CacheRequest.of(1));
    Tensor hidden = tensor(1, 3, 8);
    assertCallerBroke(
        "FlowHead.append",
        "a cache of the stage flow_head is expected, found one of backbone",
        () -> backend.flowHead().append(FlowHeadRequest.text(ofBackbone, hidden)));
    assertCallerBroke(
        "Backbone.append",
        "a cache of the stage backbone is expected, found one of flow_head",
        () -> backend.backbone().append(segment(ofFlowHead, hidden)));
  }

  @Test
  void aTimeComesWithFullAttentionAlone() {
    KvCache cache = backend.flowHead().newCache(CacheRequest.of(1));
    Tensor hidden = tensor(1, 3, 8);
    Tensor time = tensor(1, 4);
    assertCallerBroke(
        "FlowHead.append",
        "a time with full attention is expected, found Optional.empty",
        () ->
            backend
                .flowHead()
                .append(FlowHeadRequest.of(cache, hidden, Attention.FULL, Optional.empty())));
    assertCallerBroke(
        "FlowHead.append",
        "no time with causal attention is expected, found " + Optional.of(time),
        () ->
            backend
                .flowHead()
                .append(FlowHeadRequest.of(cache, hidden, Attention.CAUSAL, Optional.of(time))));
    assertCallerBroke(
        "FlowHead.velocity",
        "full attention is expected, found CAUSAL",
        () -> backend.flowHead().velocity(FlowHeadRequest.text(cache, hidden)));
    Tensor timeOfTwo = tensor(2, 4);
    assertCallerBroke(
        "FlowHead.velocity",
        "time of shape [1, 4] is expected, found [2, 4]",
        () -> backend.flowHead().velocity(FlowHeadRequest.span(cache, hidden, timeOfTwo)));
    Tensor timeToken = tensor(1, 1, 8);
    assertCallerBroke(
        "FlowHead.velocity",
        "a time token and at least one image token is expected, found 1 position",
        () -> backend.flowHead().velocity(FlowHeadRequest.span(cache, timeToken, time)));
  }

  @Test
  void videosComeInChunksOfOneSize() {
    Tensor one = tensor(1, 3, 1, 16, 8);
    Tensor four = tensor(1, 3, 4, 16, 8);
    Tensor wider = tensor(1, 3, 4, 16, 16);
    VaeEncoderStream encoder = backend.vaeEncoder().openStream(VaeStreamRequest.unspecified());
    assertCallerBroke(
        "VaeEncoderStream.encode",
        "pixels of shape [any, 3, 1, any, any] is expected, found [1, 3, 4, 16, 8]",
        () -> encoder.encode(four));
    encoder.encode(one).close();
    assertCallerBroke(
        "VaeEncoderStream.encode",
        "pixels of shape [any, 3, 4, any, any] is expected, found [1, 3, 1, 16, 8]",
        () -> encoder.encode(one));
    assertCallerBroke(
        "VaeEncoderStream.encode",
        "a chunk of the batch and size of the first, [1, 3, 1, 16, 8], is expected, found"
            + " [1, 3, 4, 16, 16]",
        () -> encoder.encode(wider));
    encoder.encode(four).close();

    VaeDecoderStream decoder = backend.vaeDecoder().openStream(VaeStreamRequest.unspecified());
    Tensor first = tensor(1, 16, 1, 2, 2);
    Tensor other = tensor(2, 16, 1, 2, 2);
    decoder.decode(first).close();
    assertCallerBroke(
        "VaeDecoderStream.decode",
        "a chunk of the batch and size of the first, [1, 16, 1, 2, 2], is expected, found"
            + " [2, 16, 1, 2, 2]",
        () -> decoder.decode(other));
    try (Tensor pixels = decoder.decode(first)) {
      assertEquals(Shape.of(1, 3, 4, 16, 16), pixels.shape());
    }
  }
}
