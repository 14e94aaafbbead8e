package dev.showo2.backend.tensorrt.internal.device;

import dev.showo2.tensor.Shape;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.apiguardian.api.API;

/** A graph that is ready to run. Its calls are enqueued by one thread at a time. */
@API(status = API.Status.INTERNAL, since = "0.1")
public interface Engine extends AutoCloseable {

  /** The names of the outputs that it was built with. */
  Set<String> outputs();

  /**
   * The shapes that outputs will have.
   *
   * @param profile index into the profiles that it was built with
   * @param shapes of the inputs, within the profile
   * @param values of the inputs from which shapes are computed
   */
  Map<String, Shape> outputShapes(
      int profile, Map<String, Shape> shapes, Map<String, long[]> values);

  /**
   * Exchanges the weights of an engine that was built refittable.
   *
   * @param graph the same as it was built from, but for the values of its weights
   * @throws dev.showo2.error.BackendException if it is another graph
   */
  void refit(Path graph);

  /** Bytes of the weights and of what runs of it need beside their inputs and outputs. */
  long deviceBytes();

  /** Frees the engine, after the calls that were enqueued. */
  @Override
  void close();
}
