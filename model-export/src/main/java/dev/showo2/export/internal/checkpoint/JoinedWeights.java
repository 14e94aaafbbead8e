package dev.showo2.export.internal.checkpoint;

import dev.showo2.error.InvalidModelException;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.model.SafetensorsWriter.TensorSink;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apiguardian.api.API;

/** The weights of several files as one. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class JoinedWeights implements CheckpointWeights {

  private final Path origin;
  private final Map<String, CheckpointWeights> byName;
  private final Map<String, String> unreadable;
  private final OpenedWeights parts;

  /**
   * @param origin for messages
   * @param byName the part that has each tensor
   * @param unreadable type by key
   * @param parts taken over
   */
  JoinedWeights(
      Path origin,
      Map<String, CheckpointWeights> byName,
      Map<String, String> unreadable,
      OpenedWeights parts) {
    this.origin = origin;
    this.byName = Collections.unmodifiableMap(byName);
    this.unreadable = Collections.unmodifiableMap(unreadable);
    this.parts = parts;
  }

  /**
   * Joins the files of a folder, in their order.
   *
   * @param files taken over unless this fails
   * @throws InvalidModelException if two of them have a tensor of one name
   */
  public static CheckpointWeights of(Path folder, List<CheckpointWeights> files) {
    Map<String, CheckpointWeights> byName = new LinkedHashMap<>();
    Map<String, String> unreadable = new LinkedHashMap<>();
    OpenedWeights parts = new OpenedWeights();
    for (CheckpointWeights file : files) {
      parts.add(file);
      unreadable.putAll(file.unreadable());
      for (String name : file.names()) {
        if (byName.put(name, file) != null) {
          throw new InvalidModelException(
              "two files in " + folder + " have a tensor '" + name + "'; export it again");
        }
      }
    }
    return new JoinedWeights(folder, byName, unreadable, parts);
  }

  @Override
  public Set<String> names() {
    return byName.keySet();
  }

  @Override
  public Map<String, String> unreadable() {
    return unreadable;
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

  private CheckpointWeights part(String name) {
    CheckpointWeights part = byName.get(name);
    if (part == null) {
      throw new InvalidModelException(origin + " has no tensor '" + name + "'");
    }
    return part;
  }

  @Override
  public void close() {
    parts.close();
  }
}
