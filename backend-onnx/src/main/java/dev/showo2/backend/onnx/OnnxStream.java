package dev.showo2.backend.onnx;

import dev.showo2.model.GraphFile;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * A video on its way through the VAE: the first chunk through one graph, later ones through
 * another, with the past of all convolutions over time handed from run to run.
 */
final class OnnxStream implements AutoCloseable {

  private final OnnxSessions sessions;
  private final OnnxValues values;
  private final Lifetime lifetime;
  private final Stage stage;
  private final String input;
  private final List<String> outputs;
  private List<NativeValue> past = List.of();
  private boolean started;
  private boolean closed;

  OnnxStream(
      OnnxSessions sessions,
      OnnxValues values,
      Lifetime lifetime,
      Stage stage,
      String input,
      List<String> outputs) {
    this.sessions = sessions;
    this.values = values;
    this.lifetime = lifetime;
    this.stage = stage;
    this.input = input;
    this.outputs = outputs;
  }

  /** Runs the next chunk; after a failure the stream is where it was before. */
  List<Tensor> next(Tensor chunk) {
    if (closed) {
      throw new IllegalStateException("the stream of stage " + stage.id() + " is closed");
    }
    return lifetime.whileOpen(
        () -> {
          OnnxGraph graph = sessions.graph(stage, started ? GraphFile.NEXT : GraphFile.FIRST);
          List<String> presents = graph.outputs("present_");
          List<String> wanted = new ArrayList<>(outputs);
          wanted.addAll(presents);
          try (OnnxCall call = new OnnxCall(graph, values, lifetime)) {
            call.input(input, chunk);
            for (int i = 0; i < past.size(); i++) {
              call.input("past_" + i, past.get(i));
            }
            List<NativeValue> results = call.run(wanted);
            replacePast(results.subList(outputs.size(), results.size()));
            return results.subList(0, outputs.size()).stream()
                .<Tensor>map(value -> new OnnxValueTensor(value, lifetime))
                .toList();
          }
        });
  }

  private void replacePast(List<NativeValue> longer) {
    List<NativeValue> old = past;
    past = List.copyOf(longer);
    started = true;
    old.forEach(NativeValue::free);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      past.forEach(NativeValue::free);
    }
  }
}
