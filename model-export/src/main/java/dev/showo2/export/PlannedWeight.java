package dev.showo2.export;

import dev.showo2.export.checkpoint.FloatConversion;
import dev.showo2.export.checkpoint.TensorDeclaration;
import dev.showo2.export.checkpoint.TensorSink;
import dev.showo2.export.checkpoint.Weights;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import java.io.IOException;
import java.util.function.UnaryOperator;

/**
 * A tensor of the bundle and how it comes out of the checkpoint.
 *
 * @param name in the bundle
 * @param key in the checkpoint
 * @param shape in the bundle
 * @param selection what of the values is kept; the identity for all of them
 */
record PlannedWeight(
    String name, Weights source, String key, Shape shape, UnaryOperator<TensorSink> selection) {

  static PlannedWeight whole(Weights source, String key, Shape shape) {
    return new PlannedWeight(key, source, key, shape, UnaryOperator.identity());
  }

  TensorDeclaration declaration() {
    return new TensorDeclaration(name, ElementType.FLOAT32, shape);
  }

  void writeTo(TensorSink sink) throws IOException {
    source.read(key, FloatConversion.toFloat32(key, source.type(key), selection.apply(sink)));
  }
}
