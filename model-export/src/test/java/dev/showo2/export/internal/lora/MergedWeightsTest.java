package dev.showo2.export.internal.lora;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import dev.showo2.error.InvalidModelException;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.model.SafetensorsWriter.TensorSink;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MergedWeightsTest {

  private static final String LAYER = "showo.model.layers.0.mlp.up_proj";
  private static final String OTHER = "showo.model.layers.0.mlp.down_proj";

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"FLOAT32, 1000000", "BFLOAT16, 1000000", "FLOAT32, 7", "BFLOAT16, 13", "FLOAT32, 1"})
  void addsTheScaledProductWhateverTheTypeAndTheChunks(ElementType type, int chunkElements)
      throws IOException {
    ArrayWeights model =
        new ArrayWeights(chunkElements)
            .seeded(LAYER + ".weight", type, 9, 11)
            .seeded(OTHER + ".weight", type, 11, 9);
    CheckpointWeights merged = merge(model, new AdapterFolder(3, 5).linear(LAYER, 9, 3, 11));

    assertEquals(ElementType.FLOAT32, merged.type(LAYER + ".weight"));
    assertMerged(merged, LAYER, 9, 3, 11, 5.0 / 3);
    assertEquals(type, merged.type(OTHER + ".weight"), "untouched");
    assertArrayEquals(
        model.readFloats(OTHER + ".weight").values(),
        merged.readFloats(OTHER + ".weight").values());
  }

  @Test
  void scalesByTheRootOfTheRankWhereAskedTo() throws IOException {
    AdapterFolder adapter = new AdapterFolder(4, 6).linear(LAYER, 5, 4, 6);
    adapter.config().addProperty("use_rslora", true);
    ArrayWeights model = new ArrayWeights(99).seeded(LAYER + ".weight", ElementType.FLOAT32, 5, 6);
    assertMerged(merge(model, adapter), LAYER, 5, 4, 6, 3);
  }

  @Test
  void firstMatchingPatternGivesRankAndAlpha() throws IOException {
    AdapterFolder adapter = new AdapterFolder(8, 16).linear(LAYER, 5, 2, 6).linear(OTHER, 6, 8, 5);
    JsonObject ranks = new JsonObject();
    ranks.addProperty("p_proj", 5); // only a part of the last name
    ranks.addProperty("layers\\.\\d+\\.mlp\\.up_proj", 2);
    ranks.addProperty("up_proj", 3);
    adapter.config().add("rank_pattern", ranks);
    JsonObject alphas = new JsonObject();
    alphas.addProperty("^" + LAYER, 1.5);
    adapter.config().add("alpha_pattern", alphas);
    ArrayWeights model =
        new ArrayWeights(99)
            .seeded(LAYER + ".weight", ElementType.FLOAT32, 5, 6)
            .seeded(OTHER + ".weight", ElementType.FLOAT32, 6, 5);
    CheckpointWeights merged = merge(model, adapter);
    assertMerged(merged, LAYER, 5, 2, 6, 0.75);
    assertMerged(merged, OTHER, 6, 8, 5, 2);
  }

  @Test
  void mergesSeveralOneAfterTheOther() throws IOException {
    AdapterFolder first = new AdapterFolder(2, 2).linear(LAYER, 5, 2, 6);
    float[] replacement = AdapterFolder.values("other", 5, 6);
    AdapterFolder second = new AdapterFolder(2, 2).floats(LAYER + ".weight", replacement, 5, 6);
    ArrayWeights model = new ArrayWeights(99).seeded(LAYER + ".weight", ElementType.FLOAT32, 5, 6);
    float[] delta = product(LAYER, 5, 2, 6, 1);

    float[] twice = merge(model, first, first).readFloats(LAYER + ".weight").values();
    float[] base = ArrayWeights.values(LAYER + ".weight", Shape.of(5, 6));
    assertArrayEquals(sum(sum(base, delta), delta), twice, 1e-6f);
    assertArrayEquals(
        sum(replacement, delta),
        merge(model, second, first).readFloats(LAYER + ".weight").values(),
        1e-6f);
    assertArrayEquals(
        replacement, merge(model, first, second).readFloats(LAYER + ".weight").values());
  }

  @Test
  void replacesWholeModulesUnderEitherName() throws IOException {
    AdapterFolder adapter =
        new AdapterFolder(2, 2)
            .seeded(LAYER + ".modules_to_save.default.weight", 5, 6)
            .seeded(OTHER + ".weight", 6, 5)
            .zeros(OTHER + ".original_module.weight", ElementType.FLOAT32, 6, 5);
    ArrayWeights model =
        new ArrayWeights(99)
            .seeded(LAYER + ".weight", ElementType.BFLOAT16, 5, 6)
            .seeded(OTHER + ".weight", ElementType.BFLOAT16, 6, 5);
    CheckpointWeights merged = merge(model, adapter);
    assertArrayEquals(
        AdapterFolder.values(LAYER + ".modules_to_save.default.weight", 5, 6),
        merged.readFloats(LAYER + ".weight").values());
    assertArrayEquals(
        AdapterFolder.values(OTHER + ".weight", 6, 5),
        merged.readFloats(OTHER + ".weight").values());
  }

  @Test
  void namesOfAdaptersInKeysDoNotMatter() throws IOException {
    AdapterFolder adapter =
        new AdapterFolder(2, 2)
            .floats(
                LAYER + ".lora_A.default.weight",
                AdapterFolder.values(LAYER + ".lora_A.weight", 2, 6),
                2,
                6)
            .floats(
                LAYER + ".lora_B.default.weight",
                AdapterFolder.values(LAYER + ".lora_B.weight", 5, 2),
                5,
                2);
    ArrayWeights model = new ArrayWeights(99).seeded(LAYER + ".weight", ElementType.FLOAT32, 5, 6);
    assertMerged(merge(model, adapter), LAYER, 5, 2, 6, 1);
  }

  @Test
  void zeroBChangesNoBit() throws IOException {
    AdapterFolder adapter =
        new AdapterFolder(2, 2)
            .seeded(LAYER + ".lora_A.weight", 2, 3)
            .zeros(LAYER + ".lora_B.weight", ElementType.FLOAT32, 2, 2);
    float[] base = {-0f, 0f, 1e-45f, -1e30f, 3f, -0f};
    ArrayWeights model =
        new ArrayWeights(99).add(LAYER + ".weight", ElementType.FLOAT32, base, 2, 3);
    float[] merged = merge(model, adapter).readFloats(LAYER + ".weight").values();
    for (int i = 0; i < base.length; i++) {
      assertEquals(Float.floatToRawIntBits(base[i]), Float.floatToRawIntBits(merged[i]));
    }
  }

  @Test
  void chunksAreFullAndLittleEndian() throws IOException {
    int rows = 3;
    int columns = 200_001; // 2.3 chunks
    ArrayWeights model =
        new ArrayWeights(TensorSink.MAX_CHUNK_BYTES / 4)
            .seeded(LAYER + ".weight", ElementType.FLOAT32, rows, columns);
    CheckpointWeights merged =
        merge(model, new AdapterFolder(1, 1).linear(LAYER, rows, 1, columns));
    int[] bytes = new int[1];
    merged.read(
        LAYER + ".weight",
        chunk -> {
          assertEquals(ByteOrder.LITTLE_ENDIAN, chunk.order());
          assertTrue(chunk.remaining() > 0 && chunk.remaining() <= TensorSink.MAX_CHUNK_BYTES);
          assertEquals(0, chunk.remaining() % Float.BYTES);
          bytes[0] += chunk.remaining();
        });
    assertEquals(rows * columns * Float.BYTES, bytes[0]);
    assertMerged(merged, LAYER, rows, 1, columns, 1);
  }

  @Test
  void closesWhatItTookOver() throws IOException {
    ArrayWeights model = new ArrayWeights(99).seeded(LAYER + ".weight", ElementType.FLOAT32, 5, 6);
    CheckpointWeights merged = merge(model, new AdapterFolder(2, 2).linear(LAYER, 5, 2, 6));
    assertEquals(0, model.timesClosed());
    merged.close();
    assertEquals(1, model.timesClosed());
    assertThrows(IllegalStateException.class, () -> merged.readFloats(LAYER + ".weight"));

    AdapterFolder wrong = new AdapterFolder(2, 2).linear(LAYER, 5, 2, 7);
    assertThrows(InvalidModelException.class, () -> merge(model, wrong));
    assertEquals(2, model.timesClosed(), "also after a failure");
  }

  @Test
  void unchangedViewsStillShareTheirMemory() throws IOException {
    ArrayWeights model =
        new ArrayWeights(99)
            .seeded(LAYER + ".weight", ElementType.FLOAT32, 5, 6)
            .view("second.weight", LAYER + ".weight")
            .view("third.weight", LAYER + ".weight");
    CheckpointWeights merged = merge(model, new AdapterFolder(2, 2).linear(LAYER, 5, 2, 6));
    assertEquals(LAYER + ".weight", merged.sharedWith(LAYER + ".weight"));
    assertEquals("second.weight", merged.sharedWith("second.weight"));
    assertEquals("second.weight", merged.sharedWith("third.weight"));
    assertFalse(merged.sameValues(LAYER + ".weight", "second.weight"));
  }

  private int written;

  private CheckpointWeights merge(CheckpointWeights model, AdapterFolder... adapters)
      throws IOException {
    Path[] folders = new Path[adapters.length];
    for (int i = 0; i < adapters.length; i++) {
      folders[i] = adapters[i].write(folder.resolve("adapter" + written++));
    }
    return Adapters.merge(model, List.of(folders), Optional.empty(), phase -> {});
  }

  private static void assertMerged(
      CheckpointWeights merged, String path, int rows, int rank, int columns, double scale) {
    float[] base = ArrayWeights.values(path + ".weight", Shape.of(rows, columns));
    assertArrayEquals(
        sum(base, product(path, rows, rank, columns, scale)),
        merged.readFloats(path + ".weight").values(),
        4e-6f,
        path);
  }

  /** scale · (B · A) in 64 bits. */
  private static float[] product(String path, int rows, int rank, int columns, double scale) {
    float[] first = AdapterFolder.values(path + ".lora_A.weight", rank, columns);
    float[] second = AdapterFolder.values(path + ".lora_B.weight", rows, rank);
    float[] product = new float[rows * columns];
    for (int i = 0; i < product.length; i++) {
      double sum = 0;
      for (int k = 0; k < rank; k++) {
        sum += (double) second[i / columns * rank + k] * first[k * columns + i % columns];
      }
      product[i] = (float) (scale * sum);
    }
    return product;
  }

  private static float[] sum(float[] first, float[] second) {
    float[] sum = first.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += second[i];
    }
    return sum;
  }
}
