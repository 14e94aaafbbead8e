package dev.showo2.testing;

import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Tensors that stages give, with the values that a test wants in place of the computed ones. */
final class FakeResults {

  private final CallLog log;
  private final Map<Stage, List<HostTensor>> answers = new EnumMap<>(Stage.class);
  private Optional<Float> fill = Optional.empty();
  private Stage changed;
  private UnaryOperator<HostTensor> change = UnaryOperator.identity();

  FakeResults(CallLog log) {
    this.log = log;
  }

  void fill(float value) {
    fill = Optional.of(value);
  }

  void answer(Stage stage, List<HostTensor> results) {
    answers.put(stage, results);
  }

  void change(Stage stage, UnaryOperator<HostTensor> how) {
    changed = stage;
    change = how;
  }

  /** The result of a stage, or its first one. */
  FakeTensor first(Stage stage, HostTensor computed) {
    HostTensor right = answer(stage, computed);
    return tensor(stage == changed ? change.apply(right) : right);
  }

  /** The result beside the first one, which is not changed. */
  FakeTensor second(Stage stage, HostTensor computed) {
    return tensor(answer(stage, computed));
  }

  private HostTensor answer(Stage stage, HostTensor computed) {
    return answers.getOrDefault(stage, List.of()).stream()
        .filter(answer -> answer.shape().equals(computed.shape()))
        .findFirst()
        .orElseGet(() -> fill.map(value -> filled(value, computed.shape())).orElse(computed));
  }

  private FakeTensor tensor(HostTensor values) {
    return log.opened(new FakeTensor(log, values));
  }

  static HostTensor filled(float value, Shape shape) {
    HostTensor tensor = HostTensor.zeros(shape);
    Arrays.fill(tensor.values(), value);
    return tensor;
  }

  /** The tensor of a stage's argument, still open. */
  FakeTensor open(Tensor argument) {
    log.requireOpen(argument);
    return (FakeTensor) argument;
  }

  CallLog log() {
    return log;
  }
}
