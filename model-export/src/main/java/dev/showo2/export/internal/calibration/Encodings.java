package dev.showo2.export.internal.calibration;

import dev.showo2.export.internal.architecture.ModelKeys;
import dev.showo2.export.internal.quantization.Int4Block;
import dev.showo2.export.internal.quantization.WeightEncoding;
import dev.showo2.model.Architecture;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.Shape;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Storage types of the weights of linear layers.
 *
 * @param byKey weights that are not named are 32-bit floats
 * @param stages that have a weight which is not
 */
record Encodings(Map<String, WeightEncoding> byKey, Set<Stage> stages) {

  /**
   * @throws IllegalArgumentException if a weight cannot be encoded so
   */
  static Encodings of(Architecture architecture, Map<String, WeightEncoding> byKey) {
    Map<String, Shape> shapes = ModelKeys.all(architecture);
    Set<Stage> stages = EnumSet.noneOf(Stage.class);
    byKey.forEach(
        (key, encoding) -> {
          if (encoding != WeightEncoding.FLOAT32) {
            require(key, shapes.get(key), encoding);
            stages.addAll(stages(architecture, key));
          }
        });
    return new Encodings(Map.copyOf(byKey), stages);
  }

  private static void require(String key, Shape shape, WeightEncoding encoding) {
    if (shape == null || shape.rank() != 2) {
      throw new IllegalArgumentException(
          "matrices of linear layers can be " + encoding + ", '" + key + "' is none of them");
    }
    if (encoding == WeightEncoding.INT4 && shape.dimension(1) % Int4Block.LENGTH != 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "'%s' has %d inputs; INT4 needs a multiple of %d",
              key,
              shape.dimension(1),
              Int4Block.LENGTH));
    }
  }

  private static Set<Stage> stages(Architecture architecture, String key) {
    if (key.equals(StagePasses.TextEmbeddingPass.MATRIX)) {
      return architecture.backbone().tiedEmbeddings()
          ? EnumSet.of(Stage.TEXT_EMBEDDING, Stage.LANGUAGE_HEAD)
          : EnumSet.of(Stage.TEXT_EMBEDDING);
    }
    if (key.startsWith("showo.lm_head.")) {
      return EnumSet.of(Stage.LANGUAGE_HEAD);
    }
    if (key.startsWith("showo.model.layers.")) {
      return EnumSet.of(Stage.BACKBONE);
    }
    if (key.startsWith("und_trans.layers.") || key.startsWith("fusion_proj.")) {
      return EnumSet.of(Stage.FUSION);
    }
    if (key.startsWith("diffusion_head_a.") || key.startsWith("diff_proj.")) {
      return EnumSet.of(Stage.FLOW_HEAD);
    }
    throw new IllegalArgumentException("'" + key + "' is stored as FLOAT32 in every precision");
  }

  WeightEncoding of(String key) {
    return byKey.getOrDefault(key, WeightEncoding.FLOAT32);
  }

  /** Streams that a stage is computed in. */
  int streams(Stage stage) {
    return stages.contains(stage) ? 2 : 1;
  }
}
