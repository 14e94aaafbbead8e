package dev.showo2.export.internal.checkpoint;

import static dev.showo2.export.internal.checkpoint.CheckpointRefusals.assertSays;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.InvalidModelException;
import dev.showo2.export.UntrustedInput;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.checkpoint.Checkpoints;
import dev.showo2.export.internal.torch.TestStateDictPickle.View;
import dev.showo2.export.internal.torch.TorchFileBuilder;
import dev.showo2.model.SafetensorsWriter.TensorSink;
import dev.showo2.tensor.ElementType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FloatConversionTest {

  @TempDir Path folder;

  @Test
  void convertsEveryHalfExactly() {
    ByteBuffer all = little(2 << 16);
    for (int bits = 0; bits < 1 << 16; bits++) {
      all.putShort((short) bits);
    }
    float[] floats = convert(ElementType.FLOAT16, all.array(), 1 << 16);
    for (int bits = 0; bits < 1 << 16; bits++) {
      int exponent = bits >> 10 & 31;
      int mantissa = bits & 1023;
      double magnitude =
          exponent == 31
              ? mantissa == 0 ? Double.POSITIVE_INFINITY : Double.NaN
              : exponent == 0
                  ? mantissa * Math.pow(2, -24)
                  : (1024 + mantissa) * Math.pow(2, exponent - 25);
      float expected = (float) (bits >> 15 == 0 ? magnitude : -magnitude);
      assertEquals(expected, floats[bits], () -> "half with these bits");
    }
  }

  @Test
  void convertsBfloat16Exactly() {
    ByteBuffer bytes = little(8).putShort((short) 0x3f80).putShort((short) 0xc049);
    bytes.putShort((short) 0x7f80).putShort((short) 1);
    float[] expected = {1, -3.140625f, Float.POSITIVE_INFINITY, Float.intBitsToFloat(1 << 16)};
    assertArrayEquals(expected, convert(ElementType.BFLOAT16, bytes.array(), 4));
  }

  @Test
  void roundsDoubles() {
    ByteBuffer bytes = little(24).putDouble(0.1).putDouble(-1e300).putDouble(1e-300);
    float[] expected = {0.1f, Float.NEGATIVE_INFINITY, 0};
    assertArrayEquals(expected, convert(ElementType.FLOAT64, bytes.array(), 3));
  }

  @Test
  void keepsChunksBoundedWhenTheyGrow() throws IOException {
    FloatBuffer floats = FloatBuffer.allocate(TensorSink.MAX_CHUNK_BYTES / 2);
    TensorSink target =
        chunk -> {
          assertTrue(chunk.remaining() <= TensorSink.MAX_CHUNK_BYTES);
          floats.put(chunk.asFloatBuffer());
        };
    ByteBuffer halves = little(TensorSink.MAX_CHUNK_BYTES);
    halves.putShort(halves.capacity() - 2, (short) 0x3c00);
    FloatConversion.toFloat32("t", ElementType.FLOAT16, target).accept(halves);
    assertEquals(0, floats.remaining());
    assertEquals(1f, floats.get(floats.capacity() - 1));
  }

  @Test
  void leavesFloatsAsTheyAre() {
    TensorSink target = chunk -> {};
    assertSame(target, FloatConversion.toFloat32("t", ElementType.FLOAT32, target));
  }

  @ParameterizedTest
  @EnumSource(names = {"INT64", "INT32", "INT16", "INT8", "UINT8", "BOOL"})
  void refusesIntegers(ElementType type) {
    Exception e =
        assertThrows(
            InvalidModelException.class, () -> convert(type, new byte[8], 8 / type.byteSize()));
    assertSays(e, "tensor 't' holds " + type, "floating-point values were expected");
  }

  /** A view can repeat one byte some hundred million times, and a float is four times as long. */
  @Test
  void refusesIntegersBeforeItTakesMemory() throws Exception {
    View repeated = new View(0, new long[] {1 << 28}, new long[] {0});
    TorchFileBuilder builder =
        new TorchFileBuilder().storage("0", (byte) 1).view("t", ElementType.UINT8, "0", repeated);
    try (CheckpointWeights weights = Checkpoints.open(builder.write(folder.resolve("model.bin")))) {
      assertEquals(Optional.empty(), UntrustedInput.readOrRefuse(1, () -> weights.readFloats("t")));
    }
  }

  private float[] convert(ElementType type, byte[] bytes, long count) {
    TorchFileBuilder builder = new TorchFileBuilder().tensor("t", type, bytes, count);
    try (CheckpointWeights weights = Checkpoints.open(builder.write(folder.resolve("model.bin")))) {
      return weights.readFloats("t").values();
    }
  }

  private static ByteBuffer little(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
