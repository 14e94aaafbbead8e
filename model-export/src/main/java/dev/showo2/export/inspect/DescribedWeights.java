package dev.showo2.export.inspect;

import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.model.TensorSink;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import java.util.Set;

/**
 * CheckpointWeights of which only descriptions are read. Two tensors are taken to be equal if they
 * share their memory: of a file that holds a tied matrix twice this is not seen.
 */
record DescribedWeights(CheckpointWeights weights) implements CheckpointWeights {

  @Override
  public Set<String> names() {
    return weights.names();
  }

  @Override
  public Shape shape(String name) {
    return weights.shape(name);
  }

  @Override
  public ElementType type(String name) {
    return weights.type(name);
  }

  @Override
  public String sharedWith(String name) {
    return weights.sharedWith(name);
  }

  @Override
  public boolean sameValues(String first, String second) {
    return sharedWith(first).equals(sharedWith(second));
  }

  @Override
  public void read(String name, TensorSink sink) {
    throw new IllegalStateException("an inspection reads no values, but those of '" + name + "'");
  }

  @Override
  public void close() {
    weights.close();
  }
}
