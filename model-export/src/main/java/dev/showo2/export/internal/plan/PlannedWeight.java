package dev.showo2.export.internal.plan;

import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.internal.checkpoint.FloatConversion;
import dev.showo2.export.internal.quantization.WeightEncoder;
import dev.showo2.export.internal.quantization.WeightEncoding;
import dev.showo2.export.internal.quantization.WeightTransform;
import dev.showo2.model.SafetensorsWriter.TensorSink;
import dev.showo2.model.SafetensorsWriter.TensorSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.UnaryOperator;
import org.apiguardian.api.API;

/**
 * A weight of the bundle and how it comes out of the checkpoint.
 *
 * @param selection what of the values is stored, and how they are changed
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public record PlannedWeight(
    StoredWeight stored, CheckpointWeights source, UnaryOperator<TensorSink> selection) {

  /** What is written takes them in turn, once each: values, scales, what inputs need. */
  public void writeTo(TensorWriter writer) throws IOException {
    String key = stored.key();
    if (isStoredUnchanged()) {
      writer.write(stored.name(), sink -> source.read(key, selection.apply(sink)));
    } else if (stored.encoding() == WeightEncoding.FLOAT32) {
      writer.write(stored.name(), sink -> readFloats(selection.apply(sink)));
    } else {
      writeEncoded(writer);
    }
    WeightTransform transform = stored.transform();
    if (transform.scalesInputs()) {
      writeFloats(WeightEncoding.inputFactorsKey(key), transform.inputFactors(), writer);
    }
    if (transform.rotation().isPresent()) {
      float[] matrix = transform.rotation().get().matrix();
      writeFloats(WeightEncoding.inputRotationKey(key), matrix, writer);
    }
  }

  private static void writeFloats(String name, float[] values, TensorWriter writer)
      throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    writer.write(name, sink -> sink.accept(bytes));
  }

  /** What is selected from is always 32-bit floats. */
  private boolean isStoredUnchanged() {
    return source.type(stored.key()) == stored.encoding().type()
        && !stored.encoding().isScaled()
        && stored.shape().equals(source.shape(stored.key()))
        && stored.transform().isIdentity();
  }

  private void writeEncoded(TensorWriter writer) throws IOException {
    WeightEncoder[] encoder = new WeightEncoder[1];
    writer.write(
        stored.name(),
        sink -> {
          encoder[0] = new WeightEncoder(stored.name(), stored.shape(), stored.encoding(), sink);
          readFloats(selection.apply(encoder[0]));
          encoder[0].finish();
        });
    if (stored.encoding().isScaled()) {
      writer.write(WeightEncoding.scaleKey(stored.name()), encoder[0]::writeScales);
    }
  }

  private void readFloats(TensorSink sink) throws IOException {
    String key = stored.key();
    source.read(key, FloatConversion.toFloat32(key, source.type(key), sink));
  }

  /** Takes the tensors of a file, one after the other. */
  @FunctionalInterface
  public interface TensorWriter {
    void write(String name, TensorSource source) throws IOException;
  }
}
