package dev.showo2.export.inspect;

import dev.showo2.error.InvalidModelException;
import dev.showo2.export.architecture.KnownModel;
import dev.showo2.export.architecture.VaeKeys;
import dev.showo2.export.checkpoint.TensorSink;
import dev.showo2.export.checkpoint.Weights;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import java.util.Map;
import java.util.Set;

/** Stands in for a part that is not there: the shapes of the released one. */
record ReleasedShapes(Map<String, Shape> shapes) implements Weights {

  static ReleasedShapes autoencoder() {
    return new ReleasedShapes(VaeKeys.of(KnownModel.SMALL.architecture().vae()));
  }

  @Override
  public Set<String> names() {
    return shapes.keySet();
  }

  @Override
  public Shape shape(String name) {
    Shape shape = shapes.get(name);
    if (shape == null) {
      throw new InvalidModelException("the released autoencoder has no tensor '" + name + "'");
    }
    return shape;
  }

  @Override
  public ElementType type(String name) {
    shape(name);
    return ElementType.FLOAT32;
  }

  @Override
  public String sharedWith(String name) {
    shape(name);
    return name;
  }

  @Override
  public void read(String name, TensorSink sink) {
    throw new IllegalStateException("there are no values, but those of '" + name + "' are read");
  }

  @Override
  public void close() {}
}
