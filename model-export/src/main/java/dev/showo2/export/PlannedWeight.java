package dev.showo2.export;

import dev.showo2.export.checkpoint.FloatConversion;
import dev.showo2.export.checkpoint.TensorDeclaration;
import dev.showo2.export.checkpoint.TensorSink;
import dev.showo2.export.checkpoint.TensorSource;
import dev.showo2.export.checkpoint.Weights;
import dev.showo2.export.quantization.WeightEncoder;
import dev.showo2.export.quantization.WeightEncoding;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import java.io.IOException;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A weight of the bundle and how it comes out of the checkpoint.
 *
 * @param name in the bundle
 * @param key in the checkpoint
 * @param shape in the bundle, before it is encoded
 * @param selection what of the values is kept; the identity for all of them
 */
record PlannedWeight(
    String name,
    Weights source,
    String key,
    Shape shape,
    UnaryOperator<TensorSink> selection,
    WeightEncoding encoding) {

  static PlannedWeight whole(Weights source, String key, Shape shape, WeightEncoding encoding) {
    return new PlannedWeight(key, source, key, shape, UnaryOperator.identity(), encoding);
  }

  /** The tensors that it takes in the file, in their order: values, and scales if there are any. */
  List<TensorDeclaration> declarations() {
    TensorDeclaration values = new TensorDeclaration(name, encoding.type(), encoding.stored(shape));
    return encoding.isScaled() ? List.of(values, scales()) : List.of(values);
  }

  private TensorDeclaration scales() {
    return new TensorDeclaration(
        WeightEncoding.scaleKey(name), ElementType.FLOAT32, encoding.scales(shape));
  }

  long byteLength() {
    return declarations().stream().mapToLong(TensorDeclaration::byteLength).sum();
  }

  /** What is written takes them in turn, once each: the values, then the scales. */
  void writeTo(TensorWriter writer) throws IOException {
    if (isKeptAsItIs()) {
      writer.write(name, sink -> source.read(key, selection.apply(sink)));
    } else if (encoding == WeightEncoding.FLOAT32) {
      writer.write(name, sink -> readFloats(selection.apply(sink)));
    } else {
      writeEncoded(writer);
    }
  }

  /** What is selected from is always 32-bit floats. */
  private boolean isKeptAsItIs() {
    return source.type(key) == encoding.type()
        && !encoding.isScaled()
        && shape.equals(source.shape(key));
  }

  private void writeEncoded(TensorWriter writer) throws IOException {
    WeightEncoder[] encoder = new WeightEncoder[1];
    writer.write(
        name,
        sink -> {
          encoder[0] = new WeightEncoder(name, shape, encoding, sink);
          readFloats(selection.apply(encoder[0]));
          encoder[0].finish();
        });
    if (encoding.isScaled()) {
      writer.write(WeightEncoding.scaleKey(name), encoder[0]::writeScales);
    }
  }

  private void readFloats(TensorSink sink) throws IOException {
    source.read(key, FloatConversion.toFloat32(key, source.type(key), sink));
  }

  /** Takes the tensors of a file, one after the other. */
  @FunctionalInterface
  interface TensorWriter {
    void write(String name, TensorSource source) throws IOException;
  }
}
