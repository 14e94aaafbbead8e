package dev.showo2.export.internal.checkpoint;

import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.internal.io.ChunkedReading;
import dev.showo2.model.SafetensorsFile;
import dev.showo2.model.SafetensorsWriter.TensorSink;
import dev.showo2.model.TensorInfo;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apiguardian.api.API;

/**
 * One safetensors file. The format lets no two tensors share bytes; names that safetensors'
 * save_model left out, because another tensor is the same, are those that its header notes.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class SafetensorsWeights implements CheckpointWeights {

  private final SafetensorsFile file;

  /** Name in the file of each name here. */
  private final Map<String, String> stored = new LinkedHashMap<>();

  SafetensorsWeights(SafetensorsFile file) {
    this.file = file;
    file.tensors().keySet().forEach(name -> stored.put(name, name));
    file.metadata()
        .forEach(
            (name, kept) -> {
              if (file.tensors().containsKey(kept) && !file.unreadable().containsKey(name)) {
                stored.putIfAbsent(name, kept);
              }
            });
  }

  private TensorInfo tensor(String name) {
    return file.tensor(stored.getOrDefault(name, name));
  }

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(stored.keySet());
  }

  @Override
  public Map<String, String> unreadable() {
    return file.unreadable();
  }

  @Override
  public Shape shape(String name) {
    return tensor(name).shape();
  }

  @Override
  public ElementType type(String name) {
    return tensor(name).type();
  }

  @Override
  public String sharedWith(String name) {
    return tensor(name).name();
  }

  @Override
  public void read(String name, TensorSink sink) throws IOException {
    ChunkedReading.stream(
        tensor(name).byteLength(),
        (position, chunk) -> file.read(tensor(name).name(), position, chunk),
        sink);
  }

  @Override
  public void close() {
    file.close();
  }
}
