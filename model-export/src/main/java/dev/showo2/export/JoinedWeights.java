package dev.showo2.export;

import dev.showo2.error.InvalidModelException;
import dev.showo2.export.checkpoint.TensorSink;
import dev.showo2.export.checkpoint.Weights;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The weights of several files of a bundle as one. */
final class JoinedWeights implements Weights {

  private final Path folder;
  private final List<Weights> parts;
  private final Map<String, Weights> byName = new LinkedHashMap<>();

  /**
   * Takes over the parts.
   *
   * @throws InvalidModelException if two of them have a tensor of one name
   */
  JoinedWeights(Path folder, List<Weights> parts) {
    this.folder = folder;
    this.parts = List.copyOf(parts);
    for (Weights part : parts) {
      for (String name : part.names()) {
        if (byName.put(name, part) != null) {
          throw new InvalidModelException(
              "two files in " + folder + " have a tensor '" + name + "'; export it again");
        }
      }
    }
  }

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(byName.keySet());
  }

  @Override
  public Shape shape(String name) {
    return part(name).shape(name);
  }

  @Override
  public ElementType type(String name) {
    return part(name).type(name);
  }

  @Override
  public String sharedWith(String name) {
    return part(name).sharedWith(name);
  }

  @Override
  public void read(String name, TensorSink sink) throws IOException {
    part(name).read(name, sink);
  }

  private Weights part(String name) {
    Weights part = byName.get(name);
    if (part == null) {
      throw new InvalidModelException(folder + " has no tensor '" + name + "'");
    }
    return part;
  }

  @Override
  public void close() {
    Deque<RuntimeException> failures = new ArrayDeque<>();
    for (Weights part : parts) {
      try {
        part.close();
      } catch (RuntimeException e) {
        failures.add(e);
      }
    }
    if (!failures.isEmpty()) {
      RuntimeException first = failures.poll();
      failures.forEach(first::addSuppressed);
      throw first;
    }
  }
}
