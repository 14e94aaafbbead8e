package dev.showo2.export.inspect;

import dev.showo2.export.ExportPrecision;
import dev.showo2.model.Architecture;
import dev.showo2.model.Precision;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import org.apiguardian.api.API;

/**
 * Memory that a model needs at a precision, computed from its sizes; measurements may be higher by
 * what an engine keeps beside the weights, and by activations.
 *
 * @param weightBytes of the weights that a backend with all stages open holds: exactly those that
 *     an export with {@link ExportPrecision#of(Precision)} writes, the headers of files aside. The
 *     matrix of tied models counts once; the VAE's causal kernels count once more, as they are for
 *     single images
 * @param bundleBytes on the disk: {@code weightBytes} and the files beside the weights, as far as
 *     they are known
 * @param backboneCacheBytes of keys and values of 1000 positions in the backbone, for one sequence:
 *     1000 · 2 · layers · key and value heads · head size · 4, as 32-bit floats in every precision
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
  static Map<Precision, MemoryEstimate> of(Architecture sizes, long beside) {
    Map<Precision, MemoryEstimate> estimates = new EnumMap<>(Precision.class);
    for (Precision precision : Precision.values()) {
      estimates.put(precision, of(sizes, precision, beside));
    }
    return Collections.unmodifiableMap(estimates);
  }

  private static MemoryEstimate of(Architecture sizes, Precision precision, long beside) {
    Architecture.Decoder backbone = sizes.backbone();
    Architecture.FlowHead flowHead = sizes.flowHead();
    long weights = ExportPrecision.of(precision).weightBytes(sizes);
    long cached = POSITIONS * 2 * Float.BYTES;
    return new MemoryEstimate(
        weights,
        weights + beside,
        cached * backbone.layers() * backbone.keyValueHeads() * backbone.headSize(),
        cached * flowHead.layers() * flowHead.keyValueHeads() * flowHead.headSize());
  }
}
