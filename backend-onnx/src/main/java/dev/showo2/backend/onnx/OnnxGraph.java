package dev.showo2.backend.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.showo2.spi.support.BackendLifetime;
import dev.showo2.spi.support.Closer;
import dev.showo2.stage.Stage;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;

/** The session of one graph, open for all threads. */
final class OnnxGraph implements AutoCloseable {

  private static final Set<Stage> VAE =
      EnumSet.of(
          Stage.VAE_IMAGE_ENCODER,
          Stage.VAE_IMAGE_DECODER,
          Stage.VAE_VIDEO_ENCODER,
          Stage.VAE_VIDEO_DECODER);

  private static final long LARGE_BYTES = 16L << 20;

  private final Stage stage;
  private final OrtSession session;
  private final RunSwitch runs;
  private final BackendLifetime lifetime;
  private final Transfers transfers;

  /**
   * @param runs of the owner, who ends all runs with it
   */
  OnnxGraph(
      Stage stage,
      OrtSession session,
      RunSwitch runs,
      BackendLifetime lifetime,
      Transfers transfers) {
    this.stage = stage;
    this.session = session;
    this.runs = runs;
    this.lifetime = lifetime;
    this.transfers = transfers;
  }

  /**
   * The runs, and the bytes of their inputs and outputs. ONNX Runtime's Java API takes and gives
   * values in the memory of the CPU only, so on a GPU they cross the bus.
   */
  static final class Transfers {

    private final LongAdder calls = new LongAdder();
    private final LongAdder inputs = new LongAdder();
    private final LongAdder outputs = new LongAdder();

    /** {@return the runs of graphs} */
    long calls() {
      return calls.sum();
    }

    /** {@return the bytes that the engine was given} */
    long inputs() {
      return inputs.sum();
    }

    /** {@return the bytes that the engine gave} */
    long outputs() {
      return outputs.sum();
    }
  }

  /**
   * Runs the graph.
   *
   * @param inPlace further outputs, written into these values
   * @return the values of the named outputs, in their order; the caller frees them
   */
  List<NativeValue> run(
      Map<String, NativeValue> inputs, List<String> outputs, Map<String, NativeValue> inPlace) {
    Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
    transfers.calls.increment();
    inputs.forEach(
        (name, value) -> {
          tensors.put(name, value.tensor());
          transfers.inputs.add(value.bytes());
        });
    Map<String, OnnxTensor> written = new LinkedHashMap<>();
    inPlace.forEach((name, value) -> written.put(name, value.tensor()));
    try (Closer closer = new Closer()) {
      OrtSession.Result result =
          closer.add(
              session.run(
                  tensors, new LinkedHashSet<>(outputs), written, runs.options(isLarge(inputs))));
      List<NativeValue> values = new ArrayList<>();
      for (String output : outputs) {
        OnnxValue value = result.get(output).orElseThrow();
        NativeValue given = new NativeValue((OnnxTensor) value, lifetime, () -> {});
        values.add(given);
        transfers.outputs.add(given.bytes());
      }
      closer.keepAll();
      return values;
    } catch (OrtException e) {
      throw OnnxContext.FAILURES.during(lifetime, "stage " + stage.id(), e);
    }
  }

  boolean hasInput(String name) {
    return session.getInputNames().contains(name);
  }

  /**
   * Whether the run takes so much memory that keeping it costs more than to ask for it anew: runs
   * of the VAE, and those over tokens of which there are more than some 2,500.
   */
  private boolean isLarge(Map<String, NativeValue> inputs) {
    return VAE.contains(stage)
        || inputs.entrySet().stream()
            .anyMatch(
                input ->
                    !input.getKey().startsWith("past_") && input.getValue().bytes() > LARGE_BYTES);
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
