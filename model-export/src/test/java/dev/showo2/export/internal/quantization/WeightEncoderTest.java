package dev.showo2.export.internal.quantization;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.InvalidModelException;
import dev.showo2.model.SafetensorsWriter.TensorSink;
import dev.showo2.tensor.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

class WeightEncoderTest {

  private static final int ROWS = 5;
  private static final int COLUMNS = 96;
  private static final Shape SHAPE = Shape.of(ROWS, COLUMNS);

  /** No two rows or blocks have the same scale. */
  private final float[] weight = new float[ROWS * COLUMNS];

  private final ByteArrayOutputStream values = new ByteArrayOutputStream();
  private final ByteArrayOutputStream scales = new ByteArrayOutputStream();

  WeightEncoderTest() {
    Random random = new Random(3);
    for (int i = 0; i < weight.length; i++) {
      weight[i] = (float) random.nextGaussian() * (1 + i / Int4Block.LENGTH);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 31, 96, 97, 192, 479, 480})
  void rowsMayBeCutAnywhere(int chunkLength) throws IOException {
    encode(WeightEncoding.INT8, SHAPE, chunkLength);
    FloatBuffer expectedScales = FloatBuffer.allocate(ROWS);
    ByteBuffer expected = ByteBuffer.allocate(weight.length);
    for (int start = 0; start < weight.length; start += COLUMNS) {
      float scale = Int8Row.scale(weight, start, COLUMNS);
      expectedScales.put(scale);
      for (int i = start; i < start + COLUMNS; i++) {
        expected.put(Int8Row.quantize(weight[i], scale));
      }
    }
    assertArrayEquals(expected.array(), values.toByteArray());
    assertArrayEquals(expectedScales.array(), floats(scales));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 32, 95, 96, 101, 480})
  void blocksMayBeCutAnywhere(int chunkLength) throws IOException {
    encode(WeightEncoding.INT4, SHAPE, chunkLength);
    FloatBuffer expectedScales = FloatBuffer.allocate(weight.length / Int4Block.LENGTH);
    ByteBuffer expected = ByteBuffer.allocate(weight.length / 2);
    for (int start = 0; start < weight.length; start += Int4Block.LENGTH) {
      float scale = Int4Block.scale(weight, start);
      expectedScales.put(scale);
      for (int i = start; i < start + Int4Block.LENGTH; i += 2) {
        expected.put(
            Int4Block.pack(
                Int4Block.quantize(weight[i], scale), Int4Block.quantize(weight[i + 1], scale)));
      }
    }
    assertArrayEquals(expected.array(), values.toByteArray());
    assertArrayEquals(expectedScales.array(), floats(scales));
  }

  @ParameterizedTest
  @CsvSource({"FLOAT16, 1", "FLOAT16, 11", "BFLOAT16, 1", "BFLOAT16, 480"})
  void halvesTakeAnyShape(WeightEncoding encoding, int chunkLength) throws IOException {
    encode(encoding, Shape.of(2, 5, 3, 4, 4), chunkLength);
    ByteBuffer actual = little(values.toByteArray());
    for (float value : weight) {
      assertEquals(
          encoding == WeightEncoding.FLOAT16
              ? HalfRounding.toFloat16(value)
              : HalfRounding.toBfloat16(value),
          actual.getShort());
    }
    assertEquals(0, actual.remaining());
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "FLOAT32")
  void weightsThatAreNotFiniteAreRefused(WeightEncoding encoding) {
    for (float value : new float[] {Float.NaN, Float.NEGATIVE_INFINITY}) {
      weight[100] = value;
      assertEquals(
          "the weight 'w' has a value of magnitude "
              + Math.abs(value)
              + "; weights must be finite: the checkpoint is damaged",
          refused(encoding));
    }
  }

  @Test
  void valuesBeyondA16BitFloatAreRefusedWithWhatToDo() {
    weight[479] = -70_000;
    assertEquals(
        "the weight 'w' has a value of magnitude 70000.0; half precision ends at 65504: choose bf16"
            + " or fp32",
        refused(WeightEncoding.FLOAT16));
    weight[479] = Float.MAX_VALUE;
    assertEquals(
        "the weight 'w' has a value of magnitude 3.4028235E38; bfloat16 ends at 3.39e38: choose"
            + " fp32",
        refused(WeightEncoding.BFLOAT16));
  }

  private String refused(WeightEncoding encoding) {
    return assertThrows(InvalidModelException.class, () -> encode(encoding, SHAPE, 64))
        .getMessage();
  }

  /** A weight of 64 MiB goes through in chunks that no sink finds too long. */
  @ParameterizedTest
  @EnumSource(names = {"BFLOAT16", "INT4"})
  void chunksStayBoundedHoweverLargeTheWeightIs(WeightEncoding encoding) throws IOException {
    Shape shape = Shape.of(1 << 12, 1 << 12);
    long[] bytes = new long[1];
    TensorSink target =
        chunk -> {
          assertTrue(chunk.remaining() <= TensorSink.MAX_CHUNK_BYTES);
          bytes[0] += chunk.remaining();
        };
    WeightEncoder encoder = new WeightEncoder("w", shape, encoding, target);
    ByteBuffer chunk = little(new byte[TensorSink.MAX_CHUNK_BYTES]);
    for (long sent = 0; sent < shape.elementCount() * Float.BYTES; sent += chunk.capacity()) {
      encoder.accept(chunk.duplicate().order(ByteOrder.LITTLE_ENDIAN));
    }
    encoder.finish();
    assertEquals(encoding.stored(shape).elementCount() * encoding.type().byteSize(), bytes[0]);
    if (encoding.isScaled()) {
      bytes[0] = 0;
      encoder.writeScales(target);
      assertEquals(encoding.scales(shape).elementCount() * Float.BYTES, bytes[0]);
    }
  }

  private void encode(WeightEncoding encoding, Shape shape, int chunkLength) throws IOException {
    WeightEncoder encoder = new WeightEncoder("w", shape, encoding, into(values));
    for (int start = 0; start < weight.length; start += chunkLength) {
      int length = Math.min(chunkLength, weight.length - start);
      ByteBuffer chunk = little(new byte[length * Float.BYTES]);
      chunk.asFloatBuffer().put(weight, start, length);
      encoder.accept(chunk);
    }
    encoder.finish();
    if (encoding.isScaled()) {
      encoder.writeScales(into(scales));
    }
  }

  private static TensorSink into(ByteArrayOutputStream out) {
    return chunk -> {
      while (chunk.hasRemaining()) {
        out.write(chunk.get());
      }
    };
  }

  private static float[] floats(ByteArrayOutputStream bytes) {
    FloatBuffer floats = little(bytes.toByteArray()).asFloatBuffer();
    float[] values = new float[floats.remaining()];
    floats.get(values);
    return values;
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
