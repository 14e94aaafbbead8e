package dev.showo2.export.lora;

import dev.showo2.export.checkpoint.TensorSink;
import dev.showo2.export.checkpoint.Weights;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/** Weights in which one tensor stands under a second name as well, as a view of the first. */
final class SecondName implements Weights {

  private final Weights weights;
  private final String first;
  private final String second;
  private final Set<String> names;

  SecondName(Weights weights, String first, String second) {
    this.weights = weights;
    this.first = first;
    this.second = second;
    Set<String> all = new LinkedHashSet<>(weights.names());
    all.add(second);
    this.names = Collections.unmodifiableSet(all);
  }

  @Override
  public Set<String> names() {
    return names;
  }

  @Override
  public Shape shape(String name) {
    return weights.shape(stored(name));
  }

  @Override
  public ElementType type(String name) {
    return weights.type(stored(name));
  }

  @Override
  public String sharedWith(String name) {
    return weights.sharedWith(stored(name));
  }

  @Override
  public void read(String name, TensorSink sink) throws IOException {
    weights.read(stored(name), sink);
  }

  private String stored(String name) {
    return name.equals(second) ? first : name;
  }

  @Override
  public void close() {
    weights.close();
  }
}
