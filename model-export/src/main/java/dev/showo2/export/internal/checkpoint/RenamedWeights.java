package dev.showo2.export.internal.checkpoint;

import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.model.SafetensorsWriter.TensorSink;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import java.io.IOException;
import java.util.Map;
import org.apiguardian.api.API;

/**
 * CheckpointWeights whose tensors are stored in others, some of them under other names there.
 * Closes them.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public abstract class RenamedWeights implements CheckpointWeights {

  private final CheckpointWeights weights;

  /**
   * @param weights taken over
   */
  protected RenamedWeights(CheckpointWeights weights) {
    this.weights = weights;
  }

  /** The name that a tensor has there. */
  protected abstract String stored(String name);

  /** Under the names that they have there. */
  @Override
  public Map<String, String> unreadable() {
    return weights.unreadable();
  }

  @Override
  public Shape shape(String name) {
    return weights.shape(stored(name));
  }

  @Override
  public ElementType type(String name) {
    return weights.type(stored(name));
  }

  /** The name there, of the first tensor that shares its memory. */
  @Override
  public String sharedWith(String name) {
    return weights.sharedWith(stored(name));
  }

  @Override
  public void read(String name, TensorSink sink) throws IOException {
    weights.read(stored(name), sink);
  }

  @Override
  public void close() {
    weights.close();
  }
}
