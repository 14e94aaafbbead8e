package dev.showo2.export.internal.checkpoint;

import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.internal.io.ChunkedReading;
import dev.showo2.model.SafetensorsFile;
import dev.showo2.model.SafetensorsWriter.TensorSink;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.apiguardian.api.API;

/** One safetensors file; the format lets no two tensors share bytes. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class SafetensorsWeights implements CheckpointWeights {

  private final SafetensorsFile file;

  SafetensorsWeights(SafetensorsFile file) {
    this.file = file;
  }

  @Override
  public Set<String> names() {
    return file.tensors().keySet();
  }

  @Override
  public Map<String, String> unreadable() {
    return file.unreadable();
  }

  @Override
  public Shape shape(String name) {
    return file.tensor(name).shape();
  }

  @Override
  public ElementType type(String name) {
    return file.tensor(name).type();
  }

  @Override
  public String sharedWith(String name) {
    return file.tensor(name).name();
  }

  @Override
  public void read(String name, TensorSink sink) throws IOException {
    ChunkedReading.stream(
        file.tensor(name).byteLength(),
        (position, chunk) -> file.read(name, position, chunk),
        sink);
  }

  @Override
  public void close() {
    file.close();
  }
}
