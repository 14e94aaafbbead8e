package dev.showo2.export.internal.lora;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.InvalidModelException;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.model.internal.JsonFields;
import dev.showo2.tensor.ElementType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One matrix under two keys, of which an adapter was trained on one or both. */
class TiesTest {

  private static final int ENTRIES = 7;
  private static final int WIDTH = 4;
  private static final String PATH = "showo.model.embed_tokens";

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void adaptedEmbeddingLeavesTheHeadAsItWas(boolean headInFile) throws IOException {
    ArrayWeights model = model(headInFile);
    CheckpointWeights merged = merge(model, embedding(), "{}");
    assertEquals(Ties.EMBEDDING, merged.sharedWith(Ties.EMBEDDING));
    assertEquals(Ties.HEAD, merged.sharedWith(Ties.HEAD));
    assertFalse(merged.sameValues(Ties.EMBEDDING, Ties.HEAD));
    float[] base = model.readFloats(Ties.EMBEDDING).values();
    assertArrayEquals(base, merged.readFloats(Ties.HEAD).values());
    assertArrayEquals(expected(base), merged.readFloats(Ties.EMBEDDING).values(), 1e-6f);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void adaptedHeadLeavesTheEmbeddingAsItWas(boolean headInFile) throws IOException {
    ArrayWeights model = model(headInFile);
    AdapterFolder adapter = new AdapterFolder(2, 3).linear("showo.lm_head", ENTRIES, 2, WIDTH);
    CheckpointWeights merged = merge(model, adapter, "{}");
    assertEquals(ElementType.FLOAT32, merged.type(Ties.HEAD));
    assertEquals(Ties.HEAD, merged.sharedWith(Ties.HEAD));
    assertEquals(ElementType.BFLOAT16, merged.type(Ties.EMBEDDING));
    assertFalse(merged.sameValues(Ties.EMBEDDING, Ties.HEAD));
  }

  @Test
  void bothAdaptedAlikeAreStillEqual() throws IOException {
    AdapterFolder adapter =
        embedding()
            .floats("showo.lm_head.lora_A.weight", transposed(embeddingB(), 2), 2, WIDTH)
            .floats("showo.lm_head.lora_B.weight", transposed(embeddingA(), ENTRIES), ENTRIES, 2);
    CheckpointWeights merged =
        merge(model(true), adapter, "{'llm': {'tie_word_embeddings': true}}");
    assertTrue(merged.sameValues(Ties.EMBEDDING, Ties.HEAD));
  }

  @Test
  void refusesToPartWhatArchJsonCallsOne() {
    InvalidModelException e =
        assertThrows(
            InvalidModelException.class,
            () -> merge(model(true), embedding(), "{'llm': {'tie_word_embeddings': true}}"));
    assertTrue(e.getMessage().contains("'llm.tie_word_embeddings' to false"), e::getMessage);
  }

  @Test
  void missingHeadOfAnUntiedModelStaysMissing() throws IOException {
    CheckpointWeights merged =
        merge(model(false), embedding(), "{'llm': {'tie_word_embeddings': false}}");
    assertFalse(merged.names().contains(Ties.HEAD));
  }

  private static ArrayWeights model(boolean headInFile) {
    ArrayWeights model =
        new ArrayWeights(5).seeded(Ties.EMBEDDING, ElementType.BFLOAT16, ENTRIES, WIDTH);
    return headInFile ? model.view(Ties.HEAD, Ties.EMBEDDING) : model;
  }

  private static AdapterFolder embedding() {
    return new AdapterFolder(2, 3)
        .seeded(PATH + ".lora_embedding_A", 2, ENTRIES)
        .seeded(PATH + ".lora_embedding_B", WIDTH, 2);
  }

  private static float[] embeddingA() {
    return AdapterFolder.values(PATH + ".lora_embedding_A", 2, ENTRIES);
  }

  private static float[] embeddingB() {
    return AdapterFolder.values(PATH + ".lora_embedding_B", WIDTH, 2);
  }

  private static float[] expected(float[] base) {
    float[] merged = base.clone();
    for (int i = 0; i < merged.length; i++) {
      double sum = 0;
      for (int k = 0; k < 2; k++) {
        sum += embeddingA()[k * ENTRIES + i / WIDTH] * embeddingB()[i % WIDTH * 2 + k];
      }
      merged[i] += (float) (1.5 * sum);
    }
    return merged;
  }

  private static float[] transposed(float[] values, int columns) {
    float[] result = new float[values.length];
    int rows = values.length / columns;
    for (int i = 0; i < values.length; i++) {
      result[i % columns * rows + i / columns] = values[i];
    }
    return result;
  }

  private CheckpointWeights merge(CheckpointWeights model, AdapterFolder adapter, String arch)
      throws IOException {
    return Adapters.merge(
        model,
        List.of(adapter.write(folder.resolve("adapter"))),
        Optional.of(JsonFields.parse(arch.replace('\'', '"'), "arch.json")),
        phase -> {});
  }
}
