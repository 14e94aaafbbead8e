package dev.showo2.export.inspect;

import dev.showo2.export.architecture.ModelKeys;
import dev.showo2.export.architecture.VaeKeys;
import dev.showo2.export.graph.Keys;
import dev.showo2.model.Architecture;
import dev.showo2.tensor.Shape;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import org.apiguardian.api.API;

/**
 * What a model needs at a precision, computed from its sizes; measurements may be higher by what an
 * engine keeps beside the weights, and by activations.
 *
 * @param weightBytes of the weights that a backend with all stages open holds: the sum of {@link
 *     WeightPrecision} over the matrices and tables of text embedding, language head (once, where
 *     tied), backbone, fusion and flow head. Vectors (norms and biases), the time embedding, the
 *     flow head's final layer, and the autoencoder, in it the last time slice of each 3×3×3 kernel
 *     once more for single images, stay in 32-bit floats: 4 bytes a value
 * @param bundleBytes on the disk: {@code weightBytes} and the files beside the weights, as far as
 *     they are known
 * @param backboneCacheBytes of keys and values of 1000 positions in the backbone, for one sequence:
 *     1000 · 2 · layers · key and value heads · head size · bytes, of which 16-bit floats have 2
 *     and all others 4
 * @param flowHeadCacheBytes the same of the flow head
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record MemoryEstimate(
    long weightBytes, long bundleBytes, long backboneCacheBytes, long flowHeadCacheBytes) {

  private static final long POSITIONS = 1000;

  /**
   * For each precision.
   *
   * @param beside bytes of a bundle's files that hold no weights, such as the tokenizer
   */
  static Map<WeightPrecision, MemoryEstimate> of(Architecture sizes, long beside) {
    Map<WeightPrecision, MemoryEstimate> estimates = new EnumMap<>(WeightPrecision.class);
    for (WeightPrecision precision : WeightPrecision.values()) {
      estimates.put(precision, of(sizes, precision, beside));
    }
    return Collections.unmodifiableMap(estimates);
  }

  private static MemoryEstimate of(Architecture sizes, WeightPrecision precision, long beside) {
    Architecture.Decoder backbone = sizes.backbone();
    Architecture.FlowHead flowHead = sizes.flowHead();
    long weights = modelBytes(sizes, precision) + vaeBytes(sizes.vae());
    long cached = POSITIONS * 2 * precision.cacheElementBytes();
    return new MemoryEstimate(
        weights,
        weights + beside,
        cached * backbone.layers() * backbone.keyValueHeads() * backbone.headSize(),
        cached * flowHead.layers() * flowHead.keyValueHeads() * flowHead.headSize());
  }

  private static long modelBytes(Architecture sizes, WeightPrecision precision) {
    long bytes = 0;
    for (Map.Entry<String, Shape> weight : ModelKeys.all(sizes).entrySet()) {
      Shape shape = weight.getValue();
      bytes += staysWide(weight.getKey(), shape) ? wide(shape) : precision.bytes(shape);
    }
    return bytes;
  }

  private static boolean staysWide(String key, Shape shape) {
    return shape.rank() < 2 || key.startsWith("time_embed") || key.startsWith("diffusion_head_b.");
  }

  private static long vaeBytes(Architecture.Vae vae) {
    long bytes = 0;
    for (Map.Entry<String, Shape> weight : VaeKeys.of(vae).entrySet()) {
      Shape shape = weight.getValue();
      bytes += wide(shape);
      if (Keys.isCausalKernel(weight.getKey(), shape)) {
        bytes += wide(shape) / shape.dimension(2);
      }
    }
    return bytes;
  }

  private static long wide(Shape shape) {
    return shape.elementCount() * Float.BYTES;
  }
}
