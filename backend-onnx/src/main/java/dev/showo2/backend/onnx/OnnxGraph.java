package dev.showo2.backend.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.showo2.spi.support.BackendLifetime;
import dev.showo2.spi.support.Closer;
import dev.showo2.stage.Stage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/** The session of one graph, open for all threads. */
final class OnnxGraph implements AutoCloseable {

  private final Stage stage;
  private final OrtSession session;
  private final OrtSession.RunOptions runOptions;
  private final BackendLifetime lifetime;

  /**
   * @param runOptions of the owner, who ends all runs with it
   */
  OnnxGraph(
      Stage stage, OrtSession session, OrtSession.RunOptions runOptions, BackendLifetime lifetime) {
    this.stage = stage;
    this.session = session;
    this.runOptions = runOptions;
    this.lifetime = lifetime;
  }

  /**
   * Runs the graph.
   *
   * @return the values of the named outputs, in their order; the caller frees them
   */
  List<NativeValue> run(Map<String, NativeValue> inputs, List<String> outputs) {
    Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
    inputs.forEach((name, value) -> tensors.put(name, value.tensor()));
    try (Closer closer = new Closer()) {
      OrtSession.Result result =
          closer.add(session.run(tensors, new LinkedHashSet<>(outputs), runOptions));
      List<NativeValue> values = new ArrayList<>();
      for (String output : outputs) {
        OnnxValue value = result.get(output).orElseThrow();
        values.add(new NativeValue((OnnxTensor) value, lifetime, () -> {}));
      }
      closer.keepAll();
      return values;
    } catch (OrtException e) {
      throw OnnxContext.FAILURES.during(lifetime, "stage " + stage.id(), e);
    }
  }

  /** The outputs whose names start with a prefix and end with their number, in its order. */
  List<String> outputs(String prefix) {
    List<String> names = new ArrayList<>();
    while (session.getOutputNames().contains(prefix + names.size())) {
      names.add(prefix + names.size());
    }
    return names;
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw OnnxContext.FAILURES.during(lifetime, "closing stage " + stage.id(), e);
    }
  }
}
