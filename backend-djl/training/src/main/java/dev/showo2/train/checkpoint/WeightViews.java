package dev.showo2.train.checkpoint;

import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.model.SafetensorsWriter.TensorSink;
import dev.showo2.train.spi.TrainableModel;
import dev.showo2.train.spi.TrainableModel.Slot;
import dev.showo2.train.spi.TrainableModel.Weight;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.Predicate;
import org.apiguardian.api.API;

/** Views of the weights of a model that is being trained. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class WeightViews {

  private static final int CHUNK_FLOATS = TensorSink.MAX_CHUNK_BYTES / Float.BYTES;

  private WeightViews() {}

  /**
   * The weights of the model as they are at each reading, a chunk at a time. An adapter's matrices
   * are not among them.
   *
   * @param model stays open; not to be used by another thread during a reading
   * @return the weights in 32-bit floats, sorted by name; closing them does nothing
   */
  public static CheckpointWeights of(TrainableModel model) {
    return view(model, Slot.WEIGHT, weight -> !PeftNames.isAdapter(weight.name()));
  }

  /**
   * The running means of the trained weights, and all others as they are.
   *
   * @param model one that keeps means; stays open
   * @return as {@link #of}
   */
  public static CheckpointWeights averagesOf(TrainableModel model) {
    return view(model, Slot.AVERAGE, weight -> !PeftNames.isAdapter(weight.name()));
  }

  /**
   * The matrices of the model's adapter as they are at each reading.
   *
   * @param model stays open; not to be used by another thread during a reading
   * @return the matrices in 32-bit floats, none if no adapter is trained; closing them does nothing
   */
  public static CheckpointWeights adapterOf(TrainableModel model) {
    return view(model, Slot.WEIGHT, weight -> PeftNames.isAdapter(weight.name()));
  }

  /**
   * The running means of the matrices of the model's adapter.
   *
   * @param model one that keeps means; stays open
   * @return as {@link #adapterOf}
   */
  public static CheckpointWeights adapterAveragesOf(TrainableModel model) {
    return view(model, Slot.AVERAGE, weight -> PeftNames.isAdapter(weight.name()));
  }

  private static CheckpointWeights view(
      TrainableModel model, Slot slot, Predicate<Weight> included) {
    List<Weight> weights = model.weights().stream().filter(included).toList();
    ComposedWeights view = new ComposedWeights();
    for (Weight weight : weights) {
      Slot kept = weight.trained() ? slot : Slot.WEIGHT;
      view.add(weight.name(), weight.shape(), sink -> read(model, weight, kept, sink));
    }
    return view;
  }

  private static void read(TrainableModel model, Weight weight, Slot slot, TensorSink sink)
      throws IOException {
    long count = weight.shape().elementCount();
    ByteBuffer chunk =
        ByteBuffer.allocate((int) Math.min(count, CHUNK_FLOATS) * Float.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    for (long from = 0; from < count; from += CHUNK_FLOATS) {
      chunk.clear().limit((int) Math.min(CHUNK_FLOATS, count - from) * Float.BYTES);
      model.read(weight.name(), slot, from, chunk.asFloatBuffer());
      sink.accept(chunk);
    }
  }
}
