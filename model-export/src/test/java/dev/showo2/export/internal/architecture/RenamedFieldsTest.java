package dev.showo2.export.internal.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import dev.showo2.error.InvalidModelException;
import dev.showo2.export.checkpoint.TestCheckpoint;
import dev.showo2.export.checkpoint.TinyArchitecture;
import dev.showo2.model.Architecture;
import dev.showo2.model.internal.JsonFields;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Configurations as transformers 5.24 writes them, beside the spelling of transformers 4. */
class RenamedFieldsTest {

  private final TestCheckpoint tiny = TestCheckpoint.tiny();
  private final JsonObject llm = tiny.arch().getAsJsonObject("llm");
  private final JsonObject head = tiny.arch().getAsJsonObject("flow_head");

  @Test
  void ropeParametersAreRead() {
    rope(llm, 250_000, "default");
    asTransformers5Writes();
    assertEquals(250_000, read().backbone().ropeTheta());

    JsonObject scaling = head.remove("rope_scaling").getAsJsonObject();
    scaling.addProperty("factor", 8);
    scaling.addProperty("rope_theta", 12_345);
    head.remove("rope_theta");
    head.add("rope_parameters", scaling);
    assertEquals(12_345, read().flowHead().ropeTheta());
    assertEquals(8, read().flowHead().ropeScaling().factor());
  }

  private void asTransformers5Writes() {
    llm.addProperty("dtype", "bfloat16");
    llm.addProperty("transformers_version", "5.24.0");
    llm.add("sliding_window", JsonNull.INSTANCE);
    llm.addProperty("use_sliding_window", false);
    llm.addProperty("max_window_layers", 28);
    llm.addProperty("attention_dropout", 0.0);
    llm.addProperty("initializer_range", 0.02);
    llm.add("layer_types", layers("full_attention", "full_attention", "full_attention"));
  }

  @Test
  void ropeParametersOfEachKindOfLayerAreRead() {
    rope(llm, 250_000, "default");
    JsonObject kinds = new JsonObject();
    kinds.add("full_attention", llm.remove("rope_parameters"));
    llm.add("rope_parameters", kinds);
    assertEquals(250_000, read().backbone().ropeTheta());
  }

  @Test
  void otherKindsOfScalingAreRefusedInEverySpelling() {
    rope(llm, 1e6, "yarn");
    assertRefused("rope_parameters: 'rope_type' should be \"default\", the only form", "yarn");
    rope(llm, 1e6, "default");
    JsonObject scaling = head.remove("rope_scaling").getAsJsonObject();
    rope(head, 5e5, "linear");
    assertRefused("flow_head: rope_parameters: 'rope_type' should be \"llama3\"", "linear");
    rope(head, 5e5, "default");
    assertRefused("'rope_parameters' should be the llama3 scaling of the released models");
    head.remove("rope_parameters");
    head.add("rope_scaling", scaling);

    llm.remove("rope_parameters");
    JsonObject old = new JsonObject();
    old.addProperty("type", "linear");
    old.addProperty("factor", 2);
    llm.add("rope_scaling", old);
    assertRefused("llm: 'rope_scaling' should be null, the only form that is exported");
    scaling.remove("rope_type");
    scaling.addProperty("type", "linear");
    llm.remove("rope_scaling");
    assertRefused("flow_head: rope_scaling: 'type' should be \"llama3\"");
  }

  @Test
  void noScalingMayBeSpelledOut() {
    JsonObject none = new JsonObject();
    none.addProperty("rope_type", "default");
    llm.add("rope_scaling", none);
    assertEquals(TinyArchitecture.TIED, read());
  }

  @Test
  void bothSpellingsMustAgree() {
    rope(llm, 1e6, "default");
    llm.addProperty("rope_theta", 1e6);
    assertEquals(TinyArchitecture.TIED, read());
    llm.addProperty("rope_theta", 1e5);
    assertRefused("'rope_theta' should be 1000000.0, as rope_parameters has it");
    llm.remove("rope_theta");
    llm.getAsJsonObject("rope_parameters").remove("rope_theta");
    assertRefused("'rope_theta' is missing");
    rope(llm, 1e6, "default");
    llm.getAsJsonObject("rope_parameters").addProperty("partial_rotary_factor", 1);
    assertEquals(TinyArchitecture.TIED, read());
    llm.getAsJsonObject("rope_parameters").addProperty("partial_rotary_factor", 0.5);
    assertRefused("'partial_rotary_factor' should be 1");
  }

  @Test
  void theNestedConfigurationIsRead() {
    rope(llm, 250_000, "default");
    JsonObject nested = tiny.arch().remove("llm").getAsJsonObject();
    boolean tied = nested.remove("tie_word_embeddings").getAsBoolean();
    JsonObject outer = new JsonObject();
    outer.add("text_config", nested);
    outer.addProperty("tie_word_embeddings", tied);
    tiny.arch().add("llm", outer);
    JsonObject vision = new JsonObject();
    vision.add("vision_config", tiny.arch().remove("siglip_vision"));
    tiny.arch().add("siglip_vision", vision);
    assertEquals(250_000, read().backbone().ropeTheta());
    assertEquals(TinyArchitecture.TIED.semantic(), read().semantic());
    assertTrue(read().backbone().tiedEmbeddings());
    assertEquals(
        Optional.of(true), TiedMatrix.stated(Optional.of(JsonFields.of(tiny.arch(), "arch"))));

    nested.addProperty("hidden_act", "gelu");
    assertRefused("text_config: 'hidden_act' should be \"silu\"");
    nested.addProperty("hidden_act", "silu");
    nested.addProperty("num_hidden_layers", 4);
    assertRefused("text_config: 'num_hidden_layers' should be 3");
  }

  @Test
  void otherKindsOfLayersAreRefused() {
    llm.add("layer_types", layers("full_attention", "sliding_attention", "full_attention"));
    assertRefused("'layer_types' should be full_attention for every layer");
  }

  @ParameterizedTest
  @CsvSource({
    "llm, rotary_theta",
    "llm, norm_eps",
    "llm, num_heads",
    "llm, logit_scale",
    "llm, rope_interleaved",
    "flow_head, activation",
    "flow_head, norm_epsilon",
    "siglip_vision, num_heads"
  })
  void aFieldThatNamesWhatIsComputedMustBeKnown(String part, String field) {
    tiny.arch().getAsJsonObject(part).addProperty(field, 3);
    assertRefused(
        part + ": '" + field + "' should be absent, or spelled as one of [",
        "a field that is not known may change what is computed");
    tiny.arch().getAsJsonObject(part).add(field, JsonNull.INSTANCE);
    assertEquals(TinyArchitecture.TIED, read());
  }

  private static void rope(JsonObject section, double theta, String type) {
    JsonObject parameters = new JsonObject();
    parameters.addProperty("rope_theta", theta);
    parameters.addProperty("rope_type", type);
    section.remove("rope_theta");
    section.remove("rope_scaling");
    section.add("rope_parameters", parameters);
  }

  private static JsonArray layers(String... kinds) {
    JsonArray array = new JsonArray();
    for (String kind : kinds) {
      array.add(kind);
    }
    return array;
  }

  private Architecture read() {
    return ArchitectureReader.read(
        new ShapeOnlyWeights(tiny.model()),
        new ShapeOnlyWeights(tiny.vae()),
        JsonFields.of(tiny.config(), "config.json"),
        Optional.of(JsonFields.of(tiny.arch(), "arch.json")));
  }

  private void assertRefused(String... parts) {
    Exception e = assertThrows(InvalidModelException.class, this::read);
    for (String part : parts) {
      assertTrue(e.getMessage().contains(part), () -> "'" + part + "' is missing in: " + e);
    }
  }
}
