package dev.showo2.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.showo2.error.InvalidModelException;
import dev.showo2.export.checkpoint.SeededValues;
import dev.showo2.export.checkpoint.TestCheckpoint;
import dev.showo2.export.internal.lora.AdapterFolder;
import dev.showo2.model.Bundle;
import dev.showo2.model.SafetensorsFile;
import dev.showo2.tensor.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdaptedExportTest {

  private static final String PATH = "showo.model.layers.1.self_attn.o_proj";
  private static final String QUERY = "showo.model.layers.0.self_attn.q_proj";
  private static final int WIDTH = 32;
  private static final int RANK = 2;

  @TempDir Path folder;

  private final TestCheckpoint tiny = TestCheckpoint.tiny();
  private final List<String> phases = new ArrayList<>();

  @Test
  void bundleHoldsTheMergedWeight() throws IOException {
    AdapterFolder adapter = new AdapterFolder(RANK, 3).linear(PATH, WIDTH, RANK, WIDTH);
    Path bundle = export("bundle", adapter.write(folder.resolve("style"))).bundle();

    float[] expected = SeededValues.of(PATH + ".weight", Shape.of(WIDTH, WIDTH));
    float[] first = AdapterFolder.values(PATH + ".lora_A.weight", RANK, WIDTH);
    float[] second = AdapterFolder.values(PATH + ".lora_B.weight", WIDTH, RANK);
    for (int i = 0; i < expected.length; i++) {
      double sum = 0;
      for (int k = 0; k < RANK; k++) {
        sum += second[i / WIDTH * RANK + k] * first[k * WIDTH + i % WIDTH];
      }
      expected[i] += (float) (1.5 * sum);
    }
    try (SafetensorsFile weights = SafetensorsFile.open(bundle.resolve("backbone.safetensors"))) {
      assertArrayEquals(expected, weights.readFloats(PATH + ".weight").values(), 1e-6f);
    }
    assertEquals("checkpoint", Bundle.open(bundle).manifest().name(), "keeps the model's name");
    assertTrue(phases.contains("merging adapter style (1 weights)"), phases::toString);
  }

  /** PEFT around compiled or sharded models, and such wrappers around PEFT. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "_orig_mod.base_model.model. showo.",
        "base_model.model._orig_mod. showo.",
        "module._orig_mod.base_model.model. showo.",
        "base_model.model.module. showo.",
        "_fsdp_wrapped_module.base_model.model. showo._fsdp_wrapped_module.",
        "base_model.model. showo._orig_mod."
      })
  void wrappersInTheKeysOfAnAdapterAreLeftOut(String names) throws IOException {
    AdapterFolder plain =
        new AdapterFolder(RANK, 3)
            .floats(PATH + ".lora_A.weight", values(1, RANK * WIDTH), RANK, WIDTH)
            .floats(PATH + ".lora_B.weight", values(2, RANK * WIDTH), WIDTH, RANK);
    String[] wrapped = names.split(" ");
    String path = wrapped[1] + PATH.substring("showo.".length());
    AdapterFolder adapter =
        new AdapterFolder(RANK, 3)
            .prefix(wrapped[0])
            .floats(path + ".lora_A.weight", values(1, RANK * WIDTH), RANK, WIDTH)
            .floats(path + ".lora_B.weight", values(2, RANK * WIDTH), WIDTH, RANK);
    // The whole path, with the names of wrappers that were there when PEFT looked for it.
    alpha(plain, PATH);
    alpha(adapter, path);
    assertEquals(
        export("plain", plain.write(folder.resolve("a"))).files(),
        export("bundle", adapter.write(folder.resolve("b"))).files());
  }

  private static void alpha(AdapterFolder adapter, String path) {
    JsonObject patterns = new JsonObject();
    patterns.addProperty(path, 7);
    adapter.config().add("alpha_pattern", patterns);
  }

  private static float[] values(int seed, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) Math.sin(seed * (i + 1));
    }
    return values;
  }

  /** PEFT: whole rows of the embedding, of the head as well in tied models. */
  @Test
  void trainedRowsReplaceThoseOfTheEmbedding() throws IOException {
    String path = "showo.model.embed_tokens";
    float[] rows = values(1, 2 * WIDTH);
    for (boolean listed : new boolean[] {true, false}) {
      AdapterFolder adapter =
          new AdapterFolder(RANK, 3)
              .floats(path + ".token_adapter.trainable_tokens_delta", rows, 2, WIDTH);
      JsonArray indices = new JsonArray();
      indices.add(7);
      indices.add(3);
      JsonObject byModule = new JsonObject();
      byModule.add("embed_tokens", indices);
      adapter.config().add("trainable_token_indices", listed ? indices : byModule);
      Path bundle =
          export("rows " + listed, adapter.write(folder.resolve("adapter " + listed))).bundle();
      assertTrue(Bundle.open(bundle).architecture().backbone().tiedEmbeddings());
      float[] expected = SeededValues.of(TestCheckpoint.EMBEDDING, Shape.of(508, WIDTH));
      System.arraycopy(rows, 0, expected, 7 * WIDTH, WIDTH);
      System.arraycopy(rows, WIDTH, expected, 3 * WIDTH, WIDTH);
      try (SafetensorsFile text = SafetensorsFile.open(bundle.resolve("text.safetensors"))) {
        assertArrayEquals(expected, text.readFloats(TestCheckpoint.EMBEDDING).values());
      }
    }
  }

  @Test
  void whatMayNotHaveBeenMeantIsSaid() throws IOException {
    AdapterFolder adapter = new AdapterFolder(RANK, 3).linear(QUERY, WIDTH, RANK, WIDTH);
    adapter.config().addProperty("bias", "lora_only");
    adapter.config().addProperty("init_lora_weights", "mica");
    JsonObject alphas = new JsonObject();
    alphas.addProperty("q_proj", 5);
    alphas.addProperty("self_attn.q_proj", 7);
    adapter.config().add("alpha_pattern", alphas);
    export("bundle", adapter.write(folder.resolve("style")));
    assertTrue(
        phases.stream()
            .anyMatch(
                phase ->
                    phase.startsWith("the adapter style says bias=lora_only, but its file has no")),
        phases::toString);
    assertTrue(
        phases.contains(
            "the keys [q_proj, self_attn.q_proj] of alpha_pattern all match "
                + QUERY
                + "; the first of them holds, as in PEFT"),
        phases::toString);
  }

  @Test
  void adapterOfZerosGivesTheBytesOfTheModelAlone() throws IOException {
    AdapterFolder adapter =
        new AdapterFolder(RANK, 3)
            .seeded(PATH + ".lora_A.weight", RANK, WIDTH)
            .floats(PATH + ".lora_B.weight", new float[WIDTH * RANK], WIDTH, RANK);
    assertEquals(
        export("plain").files(), export("bundle", adapter.write(folder.resolve("zeros"))).files());
  }

  @Test
  void adaptedEmbeddingMakesAHeadOfItsOwn() throws IOException {
    tiny.arch().getAsJsonObject("llm").remove("tie_word_embeddings");
    Path adapter = embedding().write(folder.resolve("words"));
    Path bundle = export("bundle", adapter).bundle();
    assertFalse(Bundle.open(bundle).architecture().backbone().tiedEmbeddings());
    try (SafetensorsFile text = SafetensorsFile.open(bundle.resolve("text.safetensors"))) {
      assertArrayEquals(
          SeededValues.of(TestCheckpoint.EMBEDDING, text.tensor("showo.lm_head.weight").shape()),
          text.readFloats(TestCheckpoint.LANGUAGE_HEAD).values());
    }
  }

  @Test
  void nothingIsLeftWhenAnAdapterDoesNotFit() throws IOException {
    Path adapter = embedding().write(folder.resolve("words"));
    Path checkpoint = tiny.write(folder.resolve("checkpoint"));
    Leftovers.assertRefused(
        InvalidModelException.class,
        ExportRequest.of(checkpoint, folder.resolve("bundle")).withAdapter(adapter),
        ExportListener.NONE,
        "'llm.tie_word_embeddings' to false");
  }

  @Test
  void requestsKeepTheOrderOfTheirAdapters() {
    Path first = Path.of("first");
    Path second = Path.of("second");
    ExportRequest plain = ExportRequest.of(Path.of("checkpoint"), Path.of("bundle"));
    assertEquals(List.of(), plain.adapters());
    assertEquals(
        List.of(first, second, first),
        plain.withAdapter(first).withAdapter(second).withAdapter(first).adapters());
    assertEquals(plain.checkpoint(), plain.withAdapter(first).checkpoint());
  }

  private static AdapterFolder embedding() {
    String path = "showo.model.embed_tokens";
    return new AdapterFolder(RANK, 3)
        .seeded(path + ".lora_embedding_A", RANK, 508)
        .seeded(path + ".lora_embedding_B", WIDTH, RANK);
  }

  private ExportSummary export(String bundle, Path... adapters) throws IOException {
    ExportRequest request =
        ExportRequest.of(tiny.write(folder.resolve("checkpoint")), folder.resolve(bundle));
    for (Path adapter : adapters) {
      request = request.withAdapter(adapter);
    }
    return ModelExporter.export(
        request,
        new ExportListener() {
          @Override
          public void phase(String what) {
            phases.add(what);
          }
        });
  }
}
