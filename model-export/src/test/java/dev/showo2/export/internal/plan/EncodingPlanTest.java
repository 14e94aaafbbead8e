package dev.showo2.export.internal.plan;

import static dev.showo2.export.internal.quantization.WeightEncoding.BFLOAT16;
import static dev.showo2.export.internal.quantization.WeightEncoding.FLOAT16;
import static dev.showo2.export.internal.quantization.WeightEncoding.FLOAT32;
import static dev.showo2.export.internal.quantization.WeightEncoding.INT4;
import static dev.showo2.export.internal.quantization.WeightEncoding.INT8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.export.ExportPrecision;
import dev.showo2.export.checkpoint.TinyArchitecture;
import dev.showo2.export.internal.architecture.ModelKeys;
import dev.showo2.export.internal.architecture.ReleasedModels;
import dev.showo2.export.internal.architecture.VaeKeys;
import dev.showo2.export.internal.quantization.WeightEncoding;
import dev.showo2.model.Architecture;
import dev.showo2.tensor.Shape;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EncodingPlanTest {

  /** What is never less than 32-bit floats; all other keys of the model are matrices of layers. */
  private static final Pattern EXACT =
      Pattern.compile(
          "time_embed.*|diffusion_head_b\\..*|position_embedding\\.weight|image_embedder_.*"
              + "|.*\\.bias|.*norm\\d?\\.weight|.*_norm\\.weight|fusion_proj\\.0\\.weight");

  static Stream<Architecture> architectures() {
    return Stream.of(
        TinyArchitecture.TIED,
        TinyArchitecture.UNTIED,
        ReleasedModels.small(ReleasedModels.STANDARD_SIDE),
        ReleasedModels.small(ReleasedModels.HIGH_SIDE),
        ReleasedModels.large());
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void encodesTheMatricesOfLayersAndNothingElse(Architecture architecture) {
    Set<String> expected =
        ModelKeys.all(architecture).keySet().stream()
            .filter(key -> !EXACT.matcher(key).matches())
            .collect(Collectors.toCollection(TreeSet::new));
    for (String precision : List.of("fp16", "bf16", "int8", "int4")) {
      assertEquals(expected, new TreeSet<>(plan(architecture, precision).encodings().keySet()));
    }
    assertEquals(Map.of(), plan(architecture, "fp32").encodings());
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void aMatrixIsInFourBitsWhereItsRowsAreWholeBlocks(Architecture architecture) {
    EncodingPlan plan = plan(architecture, "int4");
    Set<String> text = ModelKeys.text(architecture).keySet();
    ModelKeys.all(architecture)
        .forEach(
            (key, shape) -> {
              if (!EXACT.matcher(key).matches()) {
                boolean blocks = shape.dimension(1) % 32 == 0 && !text.contains(key);
                assertEquals(blocks ? INT4 : INT8, plan.of(key), key);
              }
            });
  }

  @Test
  void knowsTheReleasedModelKeyByKey() {
    for (Architecture architecture :
        List.of(ReleasedModels.small(ReleasedModels.STANDARD_SIDE), ReleasedModels.large())) {
      EncodingPlan plan = plan(architecture, "int4");
      Map<String, WeightEncoding> expected =
          Map.ofEntries(
              Map.entry("showo.model.embed_tokens.weight", INT8),
              Map.entry("showo.model.layers.27.self_attn.q_proj.weight", INT4),
              Map.entry("showo.model.layers.27.self_attn.q_proj.bias", FLOAT32),
              Map.entry("showo.model.layers.0.mlp.down_proj.weight", INT4),
              Map.entry("showo.model.layers.0.input_layernorm.weight", FLOAT32),
              Map.entry("showo.model.norm.weight", FLOAT32),
              Map.entry("image_embedder_und.proj.weight", FLOAT32),
              Map.entry("image_embedder_gen.proj.weight", FLOAT32),
              Map.entry("position_embedding.weight", FLOAT32),
              Map.entry("und_trans.layers.25.mlp.fc1.weight", INT4),
              // 4304 inputs are 134.5 blocks.
              Map.entry("und_trans.layers.25.mlp.fc2.weight", INT8),
              Map.entry("fusion_proj.0.weight", FLOAT32),
              Map.entry("fusion_proj.1.weight", INT4),
              Map.entry("fusion_proj.3.weight", INT4),
              Map.entry("time_embed.mlp.0.weight", FLOAT32),
              Map.entry("time_embed.mlp.2.weight", FLOAT32),
              Map.entry("time_embed_proj.weight", FLOAT32),
              Map.entry("diff_proj.0.weight", INT4),
              Map.entry("diff_proj.2.weight", INT4),
              Map.entry("diffusion_head_a.9.adaLN_modulation.1.weight", INT4),
              Map.entry("diffusion_head_a.9.self_attn.q_norm.weight", FLOAT32),
              Map.entry("diffusion_head_b.adaLN_modulation.1.weight", FLOAT32),
              Map.entry("diffusion_head_b.norm_final.weight", FLOAT32),
              Map.entry("diffusion_head_b.linear.weight", FLOAT32));
      expected.forEach((key, encoding) -> assertEquals(encoding, plan.of(key), key));
    }
    assertEquals(INT8, plan(ReleasedModels.large(), "int4").of("showo.lm_head.weight"));
  }

  @Test
  void theVaeIsNeverInIntegersAndItsKernelsOnlyAreInHalves() {
    Architecture architecture = ReleasedModels.large();
    Map<String, Shape> vae = VaeKeys.of(architecture.vae());
    for (String precision : List.of("fp16", "bf16", "int8", "int4")) {
      EncodingPlan plan = plan(architecture, precision);
      vae.keySet().forEach(key -> assertEquals(FLOAT32, plan.of(key), key));
    }
    EncodingPlan plan = plan(architecture, "vae=bf16");
    assertTrue(vae.keySet().containsAll(plan.encodings().keySet()));
    vae.forEach(
        (key, shape) ->
            assertEquals(
                shape.rank() >= 4 && key.endsWith(".weight") ? BFLOAT16 : FLOAT32,
                plan.of(key),
                key));
    assertEquals(FLOAT32, plan.of("decoder.head.0.gamma"));
  }

  @Test
  void partsHaveTheirOwn() {
    EncodingPlan plan =
        plan(ReleasedModels.large(), "backbone=int8,flow-head=int4,language-head=fp16");
    assertEquals(INT8, plan.of("showo.model.layers.3.mlp.up_proj.weight"));
    assertEquals(INT4, plan.of("diffusion_head_a.3.mlp.up_proj.weight"));
    assertEquals(INT4, plan.of("diff_proj.0.weight"));
    assertEquals(FLOAT16, plan.of("showo.lm_head.weight"));
    assertEquals(FLOAT16, plan.of("showo.model.embed_tokens.weight"));
    assertEquals(FLOAT32, plan.of("fusion_proj.1.weight"));
  }

  private static EncodingPlan plan(Architecture architecture, String precision) {
    return EncodingPlan.of(architecture, ExportPrecision.parse(precision));
  }
}
