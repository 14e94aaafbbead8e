package dev.showo2.export.internal.lora;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.showo2.error.InvalidModelException;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.checkpoint.RareTensors;
import dev.showo2.tensor.ElementType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefusedAdaptersTest {

  private static final String LAYER = "showo.model.layers.0.self_attn.q_proj";
  private static final String SEMANTIC = "und_trans.layers.0.self_attn.q_proj";
  private static final String NORM = "showo.model.norm";
  private static final String EMBEDDING = "showo.model.embed_tokens";

  @TempDir Path folder;

  private final ArrayWeights model =
      new ArrayWeights(99)
          .seeded(LAYER + ".weight", ElementType.FLOAT32, 5, 6)
          .seeded(SEMANTIC + ".weight", ElementType.FLOAT32, 5, 6)
          .seeded(NORM + ".weight", ElementType.FLOAT32, 6)
          .seeded(EMBEDDING + ".weight", ElementType.FLOAT32, 7, 6);

  private final AdapterFolder adapter = new AdapterFolder(2, 4);

  @Test
  void listsEverythingThatDoesNotFitInOneMessage() throws IOException {
    adapter
        .linear("showo.model.layers.9.self_attn.q_proj", 5, 2, 6)
        .linear(LAYER, 5, 2, 7)
        .seeded(SEMANTIC + ".lora_A.weight", 2, 6)
        .linear(NORM, 6, 2, 6)
        .seeded("fusion_proj.9.weight", 3)
        .seeded(EMBEDDING + ".lora_embedding_A", 2, 7)
        .zeros(EMBEDDING + ".lora_embedding_B", ElementType.INT64, 6, 2)
        .seeded(LAYER + ".lora_B.bias", 5)
        .seeded(LAYER + ".lora_diag", 2)
        .seeded(LAYER + ".lora_A.other.weight", 2, 7)
        .seeded(LAYER + ".lora_magnitude_vector", 5);
    adapter.config().addProperty("base_model_name_or_path", "meta-llama/Llama-3");
    assertRefused(
        "the adapter adapter cannot be merged",
        "unknown: the model has no showo.model.layers.9.self_attn.q_proj.weight",
        "unknown: the model has no fusion_proj.9.weight",
        "unknown: the model has no " + LAYER + ".bias",
        "should be [2, 6], found [2, 7]",
        "incomplete: " + SEMANTIC,
        "no linear layer or convolution: " + NORM,
        "lora_embedding_B should hold floating-point values, found INT64",
        "of an unknown method: base_model.model." + LAYER + ".lora_diag",
        "of several adapters in one file",
        "use_dora is false, and " + LAYER + " has a lora_magnitude_vector",
        "trained on 'meta-llama/Llama-3'; was that this model?");
  }

  @Test
  void namesNoBaseModelOfTheFamily() throws IOException {
    adapter.linear(LAYER, 5, 2, 7).config().addProperty("base_model_name_or_path", "x/show-o2-7B");
    assertFalse(assertRefused("misshapen").contains("was that this model"));
  }

  @Test
  void shortensLongLists() throws IOException {
    for (int layer = 1; layer <= 30; layer++) {
      adapter.linear("showo.model.layers." + layer + ".self_attn.q_proj", 5, 2, 6);
    }
    assertTrue(assertRefused("and 10 more").lines().count() < 25);
  }

  @Test
  void scalesBesideItsTensors() throws IOException {
    adapter
        .linear(LAYER, 5, 2, 6)
        .seeded(LAYER + ".lora_A.weight_scale", 1)
        .seeded(LAYER + ".scale_weight", 1);
    assertRefused(
        "quantized: base_model.model." + LAYER + ".lora_A.weight_scale changes what",
        "quantized: base_model.model." + LAYER + ".scale_weight changes what",
        "and is not applied");
  }

  @Test
  void tensorsOfATypeThatIsNotRead() throws IOException {
    adapter.linear(LAYER, 5, 2, 6);
    Path written = adapter.write(folder.resolve("adapter"));
    RareTensors.append(
        written.resolve("adapter_model.safetensors"),
        "base_model.model." + SEMANTIC + ".lora_A.weight",
        "F8_E4M3",
        12,
        12);
    assertRefused(
        written,
        "of another type: base_model.model." + SEMANTIC + ".lora_A.weight should hold",
        "found F8_E4M3");
  }

  @Test
  void trainedRowsThatDoNotFit() throws IOException {
    adapter.seeded(EMBEDDING + ".token_adapter.trainable_tokens_delta", 2, 6);
    assertRefused(
        adapter.write(folder.resolve("1")),
        "incomplete: no trainable_token_indices say which rows");
    JsonArray rows = new JsonArray();
    rows.add(1);
    adapter.config().add("trainable_token_indices", rows);
    assertRefused(
        adapter.write(folder.resolve("2")),
        "trainable_tokens_delta should be [1, 6], found [2, 6]");
    rows.add(7);
    assertRefused(
        adapter.write(folder.resolve("3")),
        "out of range: trainable_token_indices of " + EMBEDDING,
        "below 7, found 7");
    rows.set(1, rows.get(0));
    assertRefused(
        adapter.write(folder.resolve("4")),
        "'trainable_token_indices' should be numbers of rows, each once");
  }

  @Test
  void rankThatDiffersFromTheConfiguration() throws IOException {
    adapter.linear(LAYER, 5, 3, 6);
    assertRefused("lora_A.weight should be [2, 6], found [3, 6]", "should be [5, 2]");
  }

  @Test
  void nothingToMerge() throws IOException {
    adapter.zeros(LAYER + ".original_module.weight", ElementType.FLOAT32, 5, 6);
    assertRefused("nothing to merge");
  }

  @Test
  void scaleBeyondFloats() throws IOException {
    adapter.linear(LAYER, 5, 2, 6).config().addProperty("lora_alpha", 1e300);
    assertRefused("not finite: the scale 5.0E299 of " + LAYER);
  }

  @Test
  void keysThatFitTwoPlacesOfTheModel() throws IOException {
    adapter.linear("layers.0.self_attn.q_proj", 5, 2, 6);
    assertRefused("ambiguous", "[showo.model., und_trans.]");
  }

  @Test
  void shapesDecideBetweenPlaces() throws IOException {
    model.seeded(SEMANTIC + ".weight", ElementType.FLOAT32, 4, 6);
    adapter.linear("layers.0.self_attn.q_proj", 5, 2, 6);
    try (CheckpointWeights merged = merge()) {
      assertFalse(merged.sameValues(LAYER + ".weight", SEMANTIC + ".weight"));
      assertEquals(
          List.of("merging adapter adapter (1 weights, found under 'showo.model.')"), phases);
    }
  }

  @Test
  void missingMagnitudesAndDoraOnEmbeddings() throws IOException {
    adapter
        .linear(LAYER, 5, 2, 6)
        .seeded(EMBEDDING + ".lora_embedding_A", 2, 7)
        .seeded(EMBEDDING + ".lora_embedding_B", 6, 2)
        .config()
        .addProperty("use_dora", true);
    assertRefused("has no lora_magnitude_vector", "DoRA on the embedding " + EMBEDDING);
  }

  @Test
  void valuesThatAreNotFinite() throws IOException {
    adapter
        .floats(LAYER + ".lora_A.weight", new float[] {1, 2, 3, 4, 5, Float.NaN}, 1, 6)
        .seeded(LAYER + ".lora_B.weight", 5, 1)
        .config()
        .addProperty("r", 1);
    try (CheckpointWeights merged = merge()) {
      InvalidModelException e =
          assertThrows(InvalidModelException.class, () -> merged.readFloats(LAYER + ".weight"));
      assertTrue(e.getMessage().contains("lora_A.weight holds NaN"), e::getMessage);
    }
  }

  @Test
  void rowsWithoutANormForDora() throws IOException {
    model.add(LAYER + ".weight", ElementType.FLOAT32, new float[30], 5, 6);
    adapter
        .seeded(LAYER + ".lora_A.weight", 2, 6)
        .zeros(LAYER + ".lora_B.weight", ElementType.FLOAT32, 5, 2)
        .seeded(LAYER + ".lora_magnitude_vector", 5)
        .config()
        .addProperty("use_dora", true);
    try (CheckpointWeights merged = merge()) {
      InvalidModelException e =
          assertThrows(InvalidModelException.class, () -> merged.readFloats(LAYER + ".weight"));
      assertTrue(e.getMessage().contains("gives a norm to row 0"), e::getMessage);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "peft_type | \"LOHA\" | 'peft_type' should be \"LORA\"",
        "r | 0 | 'r' should be an integer from 1 to 4096",
        "r | 100000000 | 'r' should be an integer from 1 to 4096",
        "lora_alpha | \"x\" | 'lora_alpha' should be a finite number",
        "bias | \"some\" | 'bias' should be none, all or lora_only",
        "fan_in_fan_out | true | 'fan_in_fan_out' should be absent",
        "layer_replication | [[0, 2]] | 'layer_replication' should be absent",
        "target_parameters | [\"x\"] | 'target_parameters' should be absent",
        "init_lora_weights | \"pissa_niter_4\" | 'init_lora_weights' should be one of",
        "rank_pattern | {\"(\": 2} | 'rank_pattern' should be an object of numbers by patterns",
        "rank_pattern | {\"q_proj\": 0} | 'q_proj' should be an integer from 1",
        "alpha_pattern | {\"(.?.)*\\\\1!\": 2} | '(.?.)*\\1!' has a repeat that is not accepted",
      })
  void configurationsThatCannotBeMerged(String field, String value, String message)
      throws IOException {
    adapter.linear(LAYER, 5, 2, 6).config().add(field, JsonParser.parseString(value));
    assertRefused(message);
  }

  @Test
  void failureToCloseDoesNotHideWhatWasWrong() throws IOException {
    Path path = adapter.linear(LAYER, 5, 2, 7).write(folder.resolve("adapter"));
    RuntimeException unclosed = new IllegalStateException("cannot unmap");
    model.failToClose(unclosed);
    InvalidModelException e = assertThrows(InvalidModelException.class, () -> merge(path));
    assertSays(e, "should be [2, 6], found [2, 7]");
    assertArrayEquals(new Throwable[] {unclosed}, e.getSuppressed());
  }

  @Test
  void harmlessFieldsAreNoReason() throws IOException {
    JsonObject config = adapter.linear(LAYER, 5, 2, 6).config();
    config.add("layer_replication", null);
    config.addProperty("fan_in_fan_out", false);
    config.addProperty("init_lora_weights", "gaussian");
    config.add("rank_pattern", new JsonObject());
    config.addProperty("bias", "lora_only");
    merge().close();
    assertEquals(List.of("merging adapter adapter (1 weights)"), phases);
  }

  @Test
  void foldersThatAreNoAdapter() throws IOException {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertSays(
        assertThrows(InvalidModelException.class, () -> merge(empty)), "no adapter_config.json in");
    Files.writeString(empty.resolve("adapter_config.json"), "{}");
    assertSays(
        assertThrows(InvalidModelException.class, () -> merge(empty)),
        "no weights in the adapter",
        "adapter_model.safetensors, adapter_model.bin");
    Files.writeString(empty.resolve("adapter_model.bin"), "x");
    assertSays(
        assertThrows(InvalidModelException.class, () -> merge(empty)), "'peft_type' is missing");
    Files.writeString(empty.resolve("adapter_config.json"), " ".repeat((1 << 20) + 1));
    assertSays(
        assertThrows(InvalidModelException.class, () -> merge(empty)), "none is larger than");
    Files.write(empty.resolve("adapter_config.json"), new byte[] {(byte) 0xff});
    assertSays(assertThrows(InvalidModelException.class, () -> merge(empty)), "not text in UTF-8");
  }

  private final List<String> phases = new ArrayList<>();

  private CheckpointWeights merge() throws IOException {
    return merge(adapter.write(folder.resolve("adapter")));
  }

  private CheckpointWeights merge(Path path) {
    return Adapters.merge(model, List.of(path), Optional.empty(), phases::add);
  }

  private String assertRefused(String... parts) throws IOException {
    return assertRefused(adapter.write(folder.resolve("adapter")), parts);
  }

  private String assertRefused(Path path, String... parts) {
    InvalidModelException e = assertThrows(InvalidModelException.class, () -> merge(path));
    assertSays(e, parts);
    assertTrue(model.timesClosed() > 0);
    return e.getMessage();
  }

  private static void assertSays(Throwable e, String... parts) {
    for (String part : parts) {
      assertTrue(
          e.getMessage().contains(part), () -> "'" + part + "' is missing in: " + e.getMessage());
    }
  }
}
