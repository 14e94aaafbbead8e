package dev.showo2.backend.onnx;

import static dev.showo2.backend.onnx.Differences.assertClose;
import static dev.showo2.backend.onnx.Differences.assertFar;
import static dev.showo2.testing.Tensors.take;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.onnxruntime.OrtEnvironment;
import dev.showo2.backend.onnx.ExportedModels.Models;
import dev.showo2.model.Architecture;
import dev.showo2.model.Bundle;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.support.BackendLifetime;
import dev.showo2.spi.support.DirectBufferPool;
import dev.showo2.stage.Attention;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.Stage;
import dev.showo2.stage.TimeEmbeddingRequest;
import dev.showo2.stage.TimeFeatures;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A denoising step on the cached prefix gives what the whole sequence gives at once; a wrong prefix
 * gives something else by far.
 */
@ExtendWith(ExportedModels.class)
class PrefixCacheTest {

  private static final int PREFIX = 9;

  @Test
  void aStepOnTheCachedPrefixEqualsTheWholeSequenceAtOnce(Models models) throws Exception {
    Bundle bundle = models.bundle("tiny-b");
    int span = bundle.architecture().imageGrid().tokens() + 1;
    try (OpenBackend open = OpenBackend.open(bundle);
        Tensor prefix = open.uploadRandom(1, 1, PREFIX, open.hiddenSize());
        Tensor image = open.uploadRandom(2, 1, span, open.hiddenSize());
        KvCache cache = open.backend().backbone().newCache(CacheRequest.of(1))) {
      take(append(open, cache, prefix));
      HostTensor cached = take(evaluate(open, cache, image));
      assertClose(wholeSequence(bundle, prefix.toHost(), image.toHost()), cached);
    }
  }

  @Test
  void aWrongPrefixIsSeen(Models models) {
    Bundle bundle = models.bundle("tiny-b");
    int span = bundle.architecture().imageGrid().tokens() + 1;
    try (OpenBackend open = OpenBackend.open(bundle);
        Tensor prefix = open.uploadRandom(1, 1, PREFIX, open.hiddenSize());
        Tensor other = open.uploadRandom(3, 1, PREFIX, open.hiddenSize());
        Tensor image = open.uploadRandom(2, 1, span, open.hiddenSize());
        KvCache cache = open.backend().backbone().newCache(CacheRequest.of(1));
        KvCache ofAnother = open.backend().backbone().newCache(CacheRequest.of(1))) {
      take(append(open, cache, prefix));
      take(append(open, ofAnother, other));
      HostTensor right = take(evaluate(open, cache, image));
      assertFar(right, take(evaluate(open, ofAnother, image)));
      try (KvCache shorter = cache.fork()) {
        shorter.truncate(PREFIX - 1);
        assertFar(right, take(evaluate(open, shorter, image)));
      }
      take(append(open, cache, image));
      assertEquals(PREFIX + span, cache.length());
      assertFar(right, take(evaluate(open, cache, image)));
    }
  }

  @Test
  void theFlowHeadSeesItsPrefixHoweverItCame(Models models) {
    Architecture architecture = models.bundle("tiny-b").architecture();
    int span = architecture.imageGrid().tokens() + 1;
    try (OpenBackend open = OpenBackend.open(models.bundle("tiny-b"));
        Tensor prefix = open.uploadRandom(4, 1, PREFIX, open.hiddenSize());
        Tensor first = open.uploadRandom(5, 1, 1, open.hiddenSize());
        Tensor image = open.uploadRandom(6, 1, span, open.hiddenSize());
        TimeFeatures time =
            open.backend().timeEmbedding().embed(TimeEmbeddingRequest.repeated(0.3f, 1));
        KvCache whole = open.backend().flowHead().newCache(CacheRequest.of(1));
        KvCache none = open.backend().flowHead().newCache(CacheRequest.of(1))) {
      open.backend().flowHead().append(FlowHeadRequest.text(whole, prefix));
      HostTensor right = velocity(open, whole, image, time);
      try (KvCache oneByOne = open.backend().flowHead().newCache(CacheRequest.of(1))) {
        for (int position = 0; position < PREFIX; position++) {
          try (Tensor single = open.backend().upload(position(prefix.toHost(), position))) {
            open.backend().flowHead().append(FlowHeadRequest.text(oneByOne, single));
          }
        }
        assertClose(right, velocity(open, oneByOne, image, time));
      }
      assertFar(right, velocity(open, none, image, time));
      try (KvCache shifted = whole.fork()) {
        open.backend().flowHead().append(FlowHeadRequest.text(shifted, first));
        assertFar(right, velocity(open, shifted, image, time));
      }
    }
  }

  private static HostTensor position(HostTensor sequence, int index) {
    int width = (int) sequence.shape().dimension(2);
    float[] row = Arrays.copyOfRange(sequence.values(), index * width, (index + 1) * width);
    return new HostTensor(Shape.of(1, 1, width), row);
  }

  private static Tensor append(OpenBackend open, KvCache cache, Tensor embeddings) {
    return open.backend()
        .backbone()
        .append(BackboneRequest.of(cache, List.of(embeddings), Attention.CAUSAL));
  }

  private static Tensor evaluate(OpenBackend open, KvCache cache, Tensor embeddings) {
    return open.backend()
        .backbone()
        .evaluate(BackboneRequest.of(cache, List.of(embeddings), Attention.FULL));
  }

  private static HostTensor velocity(
      OpenBackend open, KvCache cache, Tensor hidden, TimeFeatures time) {
    return take(
        open.backend().flowHead().velocity(FlowHeadRequest.span(cache, hidden, time.vector())));
  }

  /**
   * The graph itself, without the backend's caches: prefix and image in one run with the mask of
   * the whole sequence, as the reference code computes it. Returns the image's rows.
   */
  private static HostTensor wholeSequence(Bundle bundle, HostTensor prefix, HostTensor image)
      throws Exception {
    OrtEnvironment environment = OnnxEnvironment.get();
    BackendConfig withMasks = BackendConfig.builder().option("dialect", "portable").build();
    BackendLifetime lifetime = new BackendLifetime("test");
    OnnxValues values = new OnnxValues(environment, lifetime, new DirectBufferPool());
    Architecture.Decoder sizes = bundle.architecture().backbone();
    int span = (int) image.shape().dimension(1);
    int total = PREFIX + span;
    float[] embeddings = Arrays.copyOf(prefix.values(), total * sizes.hiddenSize());
    System.arraycopy(image.values(), 0, embeddings, prefix.values().length, image.values().length);
    try (OnnxSessions sessions =
            OnnxSessions.open(environment, bundle, OnnxOptions.of(withMasks), lifetime);
        OnnxCall call = new OnnxCall(sessions.graph(Stage.BACKBONE), values)) {
      for (int layer = 0; layer < sizes.layers(); layer++) {
        for (String kind : List.of("key", "value")) {
          call.floats(
              "past_" + kind + "_" + layer,
              new float[0],
              1,
              sizes.keyValueHeads(),
              0,
              sizes.headSize());
        }
      }
      call.floats("embeddings", embeddings, 1, total, sizes.hiddenSize());
      call.integers("positions", LongStream.range(0, total).toArray(), total);
      call.floats("attention_mask", omniMask(total), total, total);
      try (Tensor hidden = new OnnxValueTensor(lifetime, call.run("hidden"))) {
        float[] rows = hidden.toHost().values();
        return new HostTensor(
            image.shape(), Arrays.copyOfRange(rows, PREFIX * sizes.hiddenSize(), rows.length));
      }
    }
  }

  /** Causal, but full from the prefix's end on. */
  private static float[] omniMask(int total) {
    float[] mask = new float[total * total];
    for (int row = 0; row < total; row++) {
      int seen = row < PREFIX ? row + 1 : total;
      Arrays.fill(mask, row * total + seen, (row + 1) * total, Float.NEGATIVE_INFINITY);
    }
    return mask;
  }
}
