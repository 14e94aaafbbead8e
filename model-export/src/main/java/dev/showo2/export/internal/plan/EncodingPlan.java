package dev.showo2.export.internal.plan;

import dev.showo2.export.ExportPrecision;
import dev.showo2.export.ModelPart;
import dev.showo2.export.internal.architecture.ModelKeys;
import dev.showo2.export.internal.architecture.VaeKeys;
import dev.showo2.export.internal.quantization.Int4Block;
import dev.showo2.export.internal.quantization.WeightEncoding;
import dev.showo2.export.internal.quantization.WeightTransform;
import dev.showo2.model.Architecture;
import dev.showo2.model.Precision;
import dev.showo2.tensor.Shape;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apiguardian.api.API;

/**
 * Storage type of each weight. Only the matrices of linear layers and the embedding, and kernels of
 * the VAE in half precision, are ever less than 32-bit floats: norms, biases, patch embeddings and
 * positions are small, and errors of time embedding and final layer show in every pixel.
 *
 * @param encodings of the weights that are no 32-bit floats
 * @param transforms changes of weights that make layers easier to quantize, by key
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public record EncodingPlan(
    Map<String, WeightEncoding> encodings, Map<String, WeightTransform> transforms) {

  public EncodingPlan {
    encodings = Collections.unmodifiableMap(encodings);
    transforms = Map.copyOf(transforms);
  }

  /** Weights as they are. */
  public EncodingPlan(Map<String, WeightEncoding> encodings) {
    this(encodings, Map.of());
  }

  public static EncodingPlan of(Architecture architecture, ExportPrecision precision) {
    Map<String, WeightEncoding> encodings = new LinkedHashMap<>();
    for (ModelPart part : ModelPart.values()) {
      if (precision.of(part) != Precision.FP32) {
        keys(architecture, part)
            .forEach(
                (key, shape) -> {
                  if (isMatrix(part, key, shape)) {
                    encodings.put(key, encoding(precision.of(part), shape));
                  }
                });
      }
    }
    return new EncodingPlan(encodings);
  }

  private static Map<String, Shape> keys(Architecture architecture, ModelPart part) {
    return switch (part) {
      case LANGUAGE_HEAD -> ModelKeys.text(architecture);
      case BACKBONE -> ModelKeys.backbone(architecture);
      case FUSION -> ModelKeys.fusion(architecture);
      case FLOW_HEAD -> ModelKeys.flowHead(architecture);
      case VAE -> VaeKeys.of(architecture.vae());
    };
  }

  private static boolean isMatrix(ModelPart part, String key, Shape shape) {
    if (part == ModelPart.VAE) {
      return shape.rank() >= 4 && key.endsWith(".weight");
    }
    return shape.rank() == 2
        && !key.startsWith("position_embedding")
        && !key.startsWith("time_embed")
        && !key.startsWith("diffusion_head_b");
  }

  private static WeightEncoding encoding(Precision precision, Shape shape) {
    return switch (precision) {
      case FP32 -> WeightEncoding.FLOAT32;
      case FP16 -> WeightEncoding.FLOAT16;
      case BF16 -> WeightEncoding.BFLOAT16;
      case INT8 -> WeightEncoding.INT8;
      // Rows that are no whole number of blocks are stored in 8 bits.
      case INT4 ->
          shape.dimension(1) % Int4Block.LENGTH == 0 ? WeightEncoding.INT4 : WeightEncoding.INT8;
    };
  }

  public WeightEncoding of(String key) {
    return encodings.getOrDefault(key, WeightEncoding.FLOAT32);
  }

  /** Those of the model without its VAE. */
  public Map<String, WeightEncoding> without(Architecture.Vae vae) {
    Map<String, WeightEncoding> others = new LinkedHashMap<>(encodings);
    others.keySet().removeAll(VaeKeys.of(vae).keySet());
    return others;
  }

  /** The same, with some weights in 32-bit floats. */
  public EncodingPlan leavingUnquantized(Collection<String> keys) {
    Map<String, WeightEncoding> others = new LinkedHashMap<>(encodings);
    others.keySet().removeAll(keys);
    return new EncodingPlan(others, transforms);
  }

  /** The same, with changes of weights by key. */
  public EncodingPlan with(Map<String, WeightTransform> changes) {
    return new EncodingPlan(encodings, changes);
  }

  WeightTransform transform(String key) {
    return transforms.getOrDefault(key, WeightTransform.NONE);
  }
}
