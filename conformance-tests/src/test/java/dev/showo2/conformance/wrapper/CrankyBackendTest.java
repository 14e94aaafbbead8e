package dev.showo2.conformance.wrapper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.showo2.conformance.wrapper.FaultPlan.Moment;
import dev.showo2.error.BackendException;
import dev.showo2.stage.Attention;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.FusionRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.LanguageHeadRequest;
import dev.showo2.stage.LatentDistribution;
import dev.showo2.stage.TextEmbeddingRequest;
import dev.showo2.stage.TimeEmbeddingRequest;
import dev.showo2.stage.TimeFeatures;
import dev.showo2.stage.VaeDecoderStream;
import dev.showo2.stage.VaeEncoderStream;
import dev.showo2.stage.VaeStreamRequest;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Counting, failing and passing on. */
class CrankyBackendTest extends WrapperTest {

  @Test
  void countsEveryCallThatMayFail() {
    List<String> asked = new ArrayList<>();
    CrankyBackend cranky =
        CrankyBackend.around(
            backend, (moment, call, name) -> asked.add(moment + " " + call + " " + name));
    useAll(cranky);
    List<String> expected = new ArrayList<>();
    for (String name :
        List.of(
            "Backend.upload",
            "Tensor.read",
            "Tensor.toHost",
            "Fusion.fuse",
            "VaeDecoder.decodeImage",
            "VaeDecoder.openStream",
            "VaeDecoderStream.decode",
            "VaeEncoder.encodeImage",
            "VaeEncoder.openStream",
            "VaeEncoderStream.encode",
            "TextEmbedding.embed",
            "Backbone.newCache",
            "Backbone.append",
            "LanguageHead.logits",
            "KvCache.fork",
            "KvCache.truncate",
            "TimeEmbedding.embed",
            "FlowHead.newCache",
            "FlowHead.append",
            "FlowHead.velocity",
            "Backbone.evaluate")) {
      int call = expected.size() / 2;
      expected.add("BEFORE " + call + " " + name);
      expected.add("AFTER " + call + " " + name);
    }
    assertEquals(expected, asked);
    assertEquals(21, cranky.calls());
    cranky.close();
    assertEquals(1, closings);
  }

  /** Each call once; all that is handed out goes back into the backend. */
  private static void useAll(CrankyBackend cranky) {
    HostTensor zeros = HostTensor.zeros(Shape.of(1, 16, 1, 2, 2));
    try (Tensor latents = cranky.upload(FloatBuffer.wrap(zeros.values()), zeros.shape())) {
      latents.read(FloatBuffer.allocate(64));
      assertEquals(zeros, latents.toHost());
      cranky.fusion().fuse(FusionRequest.of(latents)).close();
      try (Tensor pixels = cranky.vaeDecoder().decodeImage(latents);
          VaeDecoderStream decoder =
              cranky.vaeDecoder().openStream(VaeStreamRequest.unspecified());
          Tensor again = decoder.decode(latents);
          LatentDistribution distribution = cranky.vaeEncoder().encodeImage(pixels);
          VaeEncoderStream encoder =
              cranky.vaeEncoder().openStream(VaeStreamRequest.unspecified());
          LatentDistribution chunk = encoder.encode(again)) {
        assertEquals(distribution.mean().shape(), chunk.logVariance().shape());
      }
    }
    TextEmbeddingRequest text = TextEmbeddingRequest.of(new int[][] {{1, 2}});
    try (Tensor embedding = cranky.textEmbedding().embed(text);
        KvCache cache = cranky.backbone().newCache(CacheRequest.of(1));
        Tensor hidden =
            cranky
                .backbone()
                .append(BackboneRequest.of(cache, List.of(embedding), Attention.CAUSAL))) {
      cranky.languageHead().logits(LanguageHeadRequest.last(hidden)).close();
      cache.fork().close();
      cache.truncate(0);
      try (TimeFeatures time = cranky.timeEmbedding().embed(TimeEmbeddingRequest.repeated(0, 1));
          KvCache headCache = cranky.flowHead().newCache(CacheRequest.of(1))) {
        cranky.flowHead().append(FlowHeadRequest.text(headCache, hidden));
        cranky.flowHead().velocity(FlowHeadRequest.span(headCache, hidden, time.vector())).close();
        cranky
            .backbone()
            .evaluate(BackboneRequest.of(cache, List.of(time.token(), embedding), Attention.FULL))
            .close();
      }
    }
  }

  @Test
  void aFaultBeforeACallKeepsItFromBeingMade() {
    Error fault = new UnsatisfiedLinkError("libengine");
    CrankyBackend cranky = failing(Moment.BEFORE, fault);
    KvCache cache = cranky.backbone().newCache(CacheRequest.of(1));
    assertSame(fault, assertThrows(Error.class, cache::fork));
    assertEquals(1, backend.openHandles());
    cache.fork();
    assertEquals(2, backend.openHandles(), "only the one call fails");
  }

  @Test
  void whatACallGaveIsClosedIfItFailsAfterwards() {
    BackendException fault = new BackendException("too late");
    CrankyBackend cranky = failing(Moment.AFTER, fault);
    KvCache cache = cranky.backbone().newCache(CacheRequest.of(1));
    assertSame(
        fault,
        assertThrows(
            BackendException.class,
            () -> cranky.timeEmbedding().embed(TimeEmbeddingRequest.repeated(0, 1))));
    assertEquals(1, backend.openHandles(), "the cache");
    cache.close();
  }

  private CrankyBackend failing(Moment moment, Throwable fault) {
    return CrankyBackend.around(
        backend,
        FaultPlan.at(
            moment,
            1,
            () -> {
              if (fault instanceof Error error) {
                throw error;
              }
              throw (RuntimeException) fault;
            }));
  }

  @Test
  void whatTheBackendThrowsOrFailsToGiveComesThroughAsItIs() {
    CrankyBackend cranky = CrankyBackend.around(fake, FaultPlan.NONE);
    RuntimeException failure = new IllegalStateException("busy");
    fake.textEmbedding(
        request -> {
          throw failure;
        });
    TextEmbeddingRequest text = TextEmbeddingRequest.of(new int[][] {{1}});
    assertSame(
        failure,
        assertThrows(IllegalStateException.class, () -> cranky.textEmbedding().embed(text)));
    fake.textEmbedding(request -> null);
    assertNull(cranky.textEmbedding().embed(text));
    assertEquals(fake.capabilities(), cranky.capabilities());
  }

  @Test
  void foreignTensorsAreLeftToTheBackendToRefuse() {
    Tensor foreign = new SmallTensor(1, 2, 8);
    CrankyBackend cranky = CrankyBackend.around(backend, FaultPlan.NONE);
    assertCallerBroke(
        "LanguageHead.logits",
        "hidden: a tensor of this backend is expected, found " + foreign,
        () -> cranky.languageHead().logits(LanguageHeadRequest.last(foreign)));
  }

  @Test
  void whatIsHandedOutEqualsOnlyItself() {
    CrankyBackend cranky = CrankyBackend.around(fake, FaultPlan.NONE);
    KvCache cache = cranky.backbone().newCache(CacheRequest.of(1));
    KvCache other = cranky.backbone().newCache(CacheRequest.of(1));
    assertEquals(cache, cache);
    assertNotEquals(cache, other);
    assertEquals(cache.hashCode(), cache.hashCode());
    assertEquals("Cranky", cache.toString().substring(0, 6));
  }
}
