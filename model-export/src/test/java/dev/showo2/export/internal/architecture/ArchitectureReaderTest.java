package dev.showo2.export.internal.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import dev.showo2.tensor.Shape;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ArchitectureReaderTest {

  private final TestCheckpoint tiny = TestCheckpoint.tiny();

  @Test
  void readsAllSizes() {
    assertEquals(TinyArchitecture.TIED, read(tiny));
    assertEquals(TinyArchitecture.UNTIED, read(TestCheckpoint.of(TinyArchitecture.UNTIED)));
  }

  @Test
  void asksForArchJsonWhereTheSizeIsUnknown() {
    tiny.arch().remove("llm");
    assertRefused("32 in the backbone", "[896, 1536, 2048, 3584]", "arch.json", "num_attention");
    TestCheckpoint other = TestCheckpoint.tiny();
    other.arch().remove("siglip_vision");
    assertRefused(other, "24 in the semantic layers", "[1152]", "arch.json", "siglip_vision.num");
  }

  @Test
  void takesAnArchJsonThatSaysOnlyWhatNothingElseTells() {
    tiny.arch().remove("flow_head");
    tiny.arch().remove("video_understanding_grid");
    tiny.arch().add("llm", object("num_attention_heads", 4));
    tiny.arch().add("siglip_vision", object("num_attention_heads", 3));
    Architecture sizes = read(tiny);
    assertEquals(TinyArchitecture.TIED.backbone(), sizes.backbone());
    assertEquals(TinyArchitecture.TIED.semantic(), sizes.semantic());
    assertEquals(TinyArchitecture.TIED.flowHead(), sizes.flowHead());
  }

  @Test
  void tellsTiedFromUntied() {
    tiny.arch().getAsJsonObject("llm").remove("tie_word_embeddings");
    assertTrue(read(tiny).backbone().tiedEmbeddings(), "there is no head");
    tiny.model().put(TestCheckpoint.LANGUAGE_HEAD, Shape.of(508, 32));
    assertFalse(read(tiny).backbone().tiedEmbeddings(), "the head has other values");
    ShapeOnlyWeights same = new ShapeOnlyWeights(tiny.model()).headEqualsEmbedding();
    assertTrue(read(tiny, same).backbone().tiedEmbeddings(), "the head has the same values");
    tiny.arch().getAsJsonObject("llm").addProperty("tie_word_embeddings", true);
    assertTrue(read(tiny).backbone().tiedEmbeddings(), "arch.json has the last word");
  }

  @Test
  void listsAllContradictionsToTheWeights() {
    for (String field :
        new String[] {
          "hidden_size",
          "llm_vocab_size",
          "clip_latent_dim",
          "num_diffusion_layers",
          "image_latent_dim",
          "patch_size"
        }) {
      tiny.config().addProperty(field, 77);
    }
    tiny.arch().getAsJsonObject("llm").addProperty("num_hidden_layers", 4);
    tiny.arch().getAsJsonObject("siglip_vision").addProperty("num_positions", 25);
    tiny.arch().getAsJsonObject("flow_head").addProperty("head_dim", 16);
    tiny.arch().getAsJsonObject("vae").addProperty("dim", 96);
    assertRefused(
        "the weights contradict the files beside them",
        "config.json: 'hidden_size' should be 32, as the weights have it, found 77",
        "'llm_vocab_size' should be 508",
        "'clip_latent_dim' should be 24",
        "'num_diffusion_layers' should be 2",
        "'image_latent_dim' should be 16",
        "'patch_size' should be 2",
        "arch.json: llm: 'num_hidden_layers' should be 3",
        "'num_positions' should be 16",
        "'head_dim' should be 8",
        "vae: 'dim' should be 4");
  }

  @Test
  void refusesFormsThatTheGraphsDoNotCompute() {
    assertFormRefused("llm", "hidden_act", "gelu");
    assertFormRefused("siglip_vision", "hidden_act", "gelu");
    tiny.arch().getAsJsonObject("flow_head").add("rope_scaling", JsonNull.INSTANCE);
    assertRefused("'rope_scaling' should be the llama3 scaling");
    tiny.config().addProperty("add_time_embeds", false);
    assertRefused("'add_time_embeds' should be true", "found false");
  }

  private void assertFormRefused(String part, String field, String value) {
    JsonObject fields = tiny.arch().getAsJsonObject(part);
    String released = fields.get(field).getAsString();
    fields.addProperty(field, value);
    assertRefused("arch.json: " + part + ": '" + field + "' should be \"" + released);
    fields.addProperty(field, released);
  }

  @Test
  void aGapIsNotTheEndOfTheLayers() {
    tiny.model().keySet().removeIf(key -> key.startsWith("showo.model.layers.1."));
    assertEquals(3, read(tiny).backbone().layers());
    tiny.model().put("showo.model.layers.123456789.x", Shape.of(1));
    assertRefused("has a layer showo.model.layers.123456789; at most 1024");
  }

  @Test
  void refusesHeadsThatDoNotDivide() {
    JsonObject llm = tiny.arch().getAsJsonObject("llm");
    llm.addProperty("num_attention_heads", 5);
    assertRefused("'num_attention_heads' should be a divisor of the hidden size 32, found 5");
    llm.addProperty("num_attention_heads", 4);
    tiny.model().put("showo.model.layers.0.self_attn.k_proj.weight", Shape.of(12, 32));
    assertRefused("k_proj.weight' has 12 rows, which are no whole heads of 8");
    tiny.model().put("showo.model.layers.0.self_attn.k_proj.weight", Shape.of(24, 32));
    llm.remove("num_key_value_heads");
    tiny.arch().getAsJsonObject("siglip_vision").addProperty("num_attention_heads", 5);
    assertRefused(
        "the backbone has 4 heads, which 3 key and value heads do not divide",
        "the semantic layers are 24 wide, which 5 heads do not divide");
  }

  @Test
  void refusesAPositionTableThatCannotBeInterpolated() {
    tiny.config().addProperty("image_latent_width", 6);
    assertEquals(24, read(tiny).imageGrid().tokens(), "16 positions are a square");
    tiny.arch().getAsJsonObject("siglip_vision").remove("num_positions");
    tiny.model().put("position_embedding.weight", Shape.of(24, 24));
    assertEquals(24, read(tiny).semantic().positions(), "as many as tokens need no square");
    tiny.model().put("position_embedding.weight", Shape.of(20, 24));
    assertRefused("the position table has 20 rows", "4x6", "nor a square");
  }

  @Test
  void refusesVaesOfAnotherFactor() {
    JsonArray three = new JsonArray();
    three.add(1);
    three.add(2);
    three.add(4);
    tiny.arch().getAsJsonObject("vae").add("dim_mult", three);
    assertRefused("shrink images by 8 and videos by 4", "found [1, 2, 4]");
  }

  @Test
  void listsTheSizingKeysThatAreMissing() {
    tiny.model().keySet().removeIf(key -> key.startsWith("showo."));
    tiny.model().remove("time_embed.mlp.0.weight");
    assertRefused(
        "it is no Show-o2 checkpoint, or only a part of one",
        "missing: showo.model.embed_tokens.weight",
        "missing: showo.model.layers.0.self_attn.q_proj.weight",
        "missing: time_embed.mlp.0.weight");
  }

  private void assertRefused(String... parts) {
    assertRefused(tiny, parts);
  }

  private static void assertRefused(TestCheckpoint checkpoint, String... parts) {
    Exception e = assertThrows(InvalidModelException.class, () -> read(checkpoint));
    for (String part : parts) {
      assertTrue(e.getMessage().contains(part), () -> "'" + part + "' is missing in: " + e);
    }
  }

  private static Architecture read(TestCheckpoint checkpoint) {
    return read(checkpoint, new ShapeOnlyWeights(checkpoint.model()));
  }

  private static Architecture read(TestCheckpoint checkpoint, ShapeOnlyWeights model) {
    return ArchitectureReader.read(
        model,
        new ShapeOnlyWeights(checkpoint.vae()),
        JsonFields.of(checkpoint.config(), "config.json"),
        Optional.of(JsonFields.of(checkpoint.arch(), "arch.json")));
  }

  private static JsonObject object(String name, int value) {
    JsonObject json = new JsonObject();
    json.addProperty(name, value);
    return json;
  }
}
