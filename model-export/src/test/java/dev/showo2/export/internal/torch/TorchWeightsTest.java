package dev.showo2.export.internal.torch;

import static dev.showo2.export.internal.torch.TorchFileBuilder.floats;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.InvalidModelException;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.checkpoint.Checkpoints;
import dev.showo2.export.internal.checkpoint.CheckpointRefusals;
import dev.showo2.export.internal.torch.TestStateDictPickle.View;
import dev.showo2.model.SafetensorsWriter.TensorSink;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TorchWeightsTest {

  private static final float[] SIX = {0, 1, 2, 3, 4, 5};

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(ElementType.class)
  void givesTheStoredBytesOfEveryType(ElementType type) throws IOException {
    byte[] bytes = new byte[6 * type.byteSize()];
    new Random(1).nextBytes(bytes);
    try (CheckpointWeights weights = open(new TorchFileBuilder().tensor("t", type, bytes, 2, 3))) {
      assertEquals(type, weights.type("t"));
      assertEquals(Shape.of(2, 3), weights.shape("t"));
      assertArrayEquals(bytes, bytes(weights, "t"));
    }
  }

  @ParameterizedTest
  @CsvSource({"2,false", "2,true", "3,true", "4,false", "4,true", "5,false", "5,true"})
  void readsEveryProtocolAndBothKindsOfDict(int protocol, boolean ordered) {
    TorchFileBuilder builder = new TorchFileBuilder(protocol, ordered);
    builder.floats("b", new float[] {1}, 1).floats("a", SIX, 2, 3);
    try (CheckpointWeights weights = open(builder)) {
      assertEquals(List.of("b", "a"), List.copyOf(weights.names()), "order of the checkpoint");
      assertArrayEquals(SIX, weights.readFloats("a").values());
    }
  }

  @Test
  void readsZip64DirectoryEntries() {
    try (CheckpointWeights weights = open(new TorchFileBuilder().zip64().floats("a", SIX, 6))) {
      assertArrayEquals(SIX, weights.readFloats("a").values());
    }
  }

  @Test
  void readsParametersAsTheirTensors() {
    TorchFileBuilder builder = new TorchFileBuilder().storage("0", floats(SIX));
    try (CheckpointWeights weights = open(builder.parameter("p", "0", View.contiguous(3, 2)))) {
      assertEquals(Shape.of(3, 2), weights.shape("p"));
      assertArrayEquals(SIX, weights.readFloats("p").values());
    }
  }

  @Test
  void readsScalarsAndEmptyTensors() {
    TorchFileBuilder builder = new TorchFileBuilder().floats("scalar", new float[] {7});
    try (CheckpointWeights weights = open(builder.floats("empty", new float[0], 3, 0))) {
      assertArrayEquals(new float[] {7}, weights.readFloats("scalar").values());
      assertEquals(Shape.of(3, 0), weights.shape("empty"));
      assertEquals(0, weights.readFloats("empty").values().length);
    }
  }

  @Test
  void followsOffsetsAndStrides() {
    TorchFileBuilder builder =
        new TorchFileBuilder()
            .storage("0", floats(SIX))
            .view("tail", ElementType.FLOAT32, "0", view(4, sizes(2), sizes(1)))
            .view("transposed", ElementType.FLOAT32, "0", view(0, sizes(3, 2), sizes(1, 3)))
            .view("column", ElementType.FLOAT32, "0", view(1, sizes(2, 1), sizes(3, 1)))
            .view("expanded", ElementType.FLOAT32, "0", view(3, sizes(2, 3), sizes(0, 1)))
            .view("repeated", ElementType.FLOAT32, "0", view(5, sizes(4), sizes(0)))
            .view("cube", ElementType.FLOAT32, "0", view(0, sizes(3, 1, 2), sizes(1, 9, 3)));
    try (CheckpointWeights weights = open(builder)) {
      assertArrayEquals(new float[] {4, 5}, weights.readFloats("tail").values());
      float[] transposed = {0, 3, 1, 4, 2, 5};
      assertArrayEquals(transposed, weights.readFloats("transposed").values());
      assertArrayEquals(transposed, weights.readFloats("cube").values());
      assertArrayEquals(new float[] {1, 4}, weights.readFloats("column").values());
      float[] expanded = {3, 4, 5, 3, 4, 5};
      assertArrayEquals(expanded, weights.readFloats("expanded").values());
      assertArrayEquals(new float[] {5, 5, 5, 5}, weights.readFloats("repeated").values());
    }
  }

  @ParameterizedTest
  @EnumSource(ElementType.class)
  void transposesElementsOfEveryWidth(ElementType type) throws IOException {
    int width = type.byteSize();
    byte[] bytes = new byte[6 * width];
    new Random(2).nextBytes(bytes);
    TorchFileBuilder builder = new TorchFileBuilder().storage("0", bytes);
    try (CheckpointWeights weights =
        open(builder.view("t", type, "0", view(0, sizes(3, 2), sizes(1, 3))))) {
      ByteBuffer expected = ByteBuffer.allocate(bytes.length);
      for (int element : new int[] {0, 3, 1, 4, 2, 5}) {
        expected.put(bytes, element * width, width);
      }
      assertArrayEquals(expected.array(), bytes(weights, "t"));
    }
  }

  @Test
  void handsOverLargeTensorsInBoundedChunks() throws IOException {
    byte[] bytes = new byte[2 * TensorSink.MAX_CHUNK_BYTES + 8];
    new Random(3).nextBytes(bytes);
    int rows = bytes.length / 8;
    TorchFileBuilder builder =
        new TorchFileBuilder()
            .tensor("plain", ElementType.FLOAT32, bytes, rows, 2)
            .view("transposed", ElementType.FLOAT32, "0", view(0, sizes(2, rows), sizes(1, 2)));
    try (CheckpointWeights weights = open(builder)) {
      for (String name : weights.names()) {
        List<Integer> lengths = new ArrayList<>();
        weights.read(
            name,
            chunk -> {
              assertEquals(ByteOrder.LITTLE_ENDIAN, chunk.order());
              lengths.add(chunk.remaining());
            });
        assertEquals(
            List.of(TensorSink.MAX_CHUNK_BYTES, TensorSink.MAX_CHUNK_BYTES, 8), lengths, name);
      }
      assertArrayEquals(bytes, bytes(weights, "plain"));
    }
  }

  @Test
  void tellsWhichTensorsShareMemoryAndWhichOnlyValues() {
    TorchFileBuilder builder =
        new TorchFileBuilder()
            .floats("embedding", SIX, 2, 3)
            .floats("copy", SIX, 2, 3)
            .view("head", ElementType.FLOAT32, "0", View.contiguous(2, 3))
            .view("flat", ElementType.FLOAT32, "0", View.contiguous(6))
            .view("other", ElementType.FLOAT32, "0", view(1, sizes(2), sizes(1)));
    try (CheckpointWeights weights = open(builder)) {
      assertEquals("embedding", weights.sharedWith("embedding"));
      assertEquals("embedding", weights.sharedWith("head"));
      assertEquals("copy", weights.sharedWith("copy"));
      assertEquals("flat", weights.sharedWith("flat"));
      assertTrue(weights.sameValues("embedding", "copy"));
      assertTrue(weights.sameValues("embedding", "head"));
      assertFalse(weights.sameValues("embedding", "flat"), "another shape");
      assertFalse(weights.sameValues("flat", "other"));
    }
  }

  @Test
  void namesTheFileWhenATensorIsNotThere() {
    try (CheckpointWeights weights = open(new TorchFileBuilder().floats("a", SIX, 6))) {
      Exception e = assertThrows(InvalidModelException.class, () -> weights.shape("b"));
      CheckpointRefusals.assertSays(e, "model.bin", "'b'");
      assertThrows(InvalidModelException.class, () -> weights.sharedWith("b"));
      assertThrows(InvalidModelException.class, () -> weights.read("b", chunk -> {}));
    }
  }

  @Test
  void passesOnWhatTheSinkThrows() {
    try (CheckpointWeights weights = open(new TorchFileBuilder().floats("a", SIX, 6))) {
      IOException full = new IOException("disk full");
      TensorSink sink =
          chunk -> {
            throw full;
          };
      assertEquals(full, assertThrows(IOException.class, () -> weights.read("a", sink)));
    }
  }

  private CheckpointWeights open(TorchFileBuilder builder) {
    return Checkpoints.open(builder.write(folder.resolve("model.bin")));
  }

  private static View view(long offset, long[] sizes, long[] strides) {
    return new View(offset, sizes, strides);
  }

  private static long[] sizes(long... sizes) {
    return sizes;
  }

  private static byte[] bytes(CheckpointWeights weights, String name) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    weights.read(
        name,
        chunk -> {
          byte[] bytes = new byte[chunk.remaining()];
          chunk.get(bytes);
          out.write(bytes);
        });
    return out.toByteArray();
  }
}
