package dev.showo2.export.fake;

import dev.showo2.model.Precision;
import dev.showo2.spi.support.BackendLifetime;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** The behavior of a fake backend, and the resources that it has not closed. */
public final class Behavior {

  private final Set<Stage> offered = EnumSet.allOf(Stage.class);
  private final Map<Stage, List<HostTensor>> answers = new EnumMap<>(Stage.class);
  private Set<Precision> precisions = EnumSet.of(Precision.FP32);
  private Stage changed;
  private UnaryOperator<HostTensor> change = UnaryOperator.identity();

  /** Of the backend that behaves so. */
  final BackendLifetime lifetime = new BackendLifetime("fake");

  /** Everything that was opened and not yet closed. */
  final Set<Object> open = new HashSet<>();

  public Behavior without(Stage stage) {
    offered.remove(stage);
    return this;
  }

  /** What the backend runs; fp32 if nothing is said. */
  public Behavior running(Precision first, Precision... others) {
    precisions = EnumSet.of(first, others);
    return this;
  }

  /** What the stage gives whenever results of these shapes are asked of it. */
  public Behavior answering(Stage stage, HostTensor... results) {
    answers.put(stage, List.of(results));
    return this;
  }

  /** All values of the stage are multiplied. */
  public Behavior scaled(Stage stage, float factor) {
    return change(
        stage,
        tensor -> {
          float[] values = tensor.values().clone();
          for (int i = 0; i < values.length; i++) {
            values[i] *= factor;
          }
          return new HostTensor(tensor.shape(), values);
        });
  }

  /** The stage gives the right shape with one value that is none. */
  public Behavior notFinite(Stage stage, float value) {
    return change(
        stage,
        tensor -> {
          tensor.values()[tensor.values().length - 1] = value;
          return tensor;
        });
  }

  /** The stage gives one row too many. */
  public Behavior tooLong(Stage stage) {
    return change(
        stage,
        tensor -> {
          long[] shape = tensor.shape().toArray();
          shape[1]++;
          Shape longer = Shape.of(shape);
          return new HostTensor(longer, new float[(int) longer.elementCount()]);
        });
  }

  public Behavior failing(Stage stage, RuntimeException failure) {
    return change(
        stage,
        tensor -> {
          throw failure;
        });
  }

  private Behavior change(Stage stage, UnaryOperator<HostTensor> how) {
    changed = stage;
    change = how;
    return this;
  }

  public Set<Stage> offered() {
    return offered;
  }

  /** How many tensors, caches and backends are still open. */
  public int openCount() {
    return open.size();
  }

  Set<Precision> precisions() {
    return precisions;
  }

  FakeTensor result(Stage stage, long... shape) {
    HostTensor right = answer(stage, Shape.of(shape));
    return new FakeTensor(this, stage == changed ? change.apply(right) : right);
  }

  /** What a stage gives beside its first result; it is not changed. */
  FakeTensor secondResult(Stage stage, long... shape) {
    return new FakeTensor(this, answer(stage, Shape.of(shape)));
  }

  private HostTensor answer(Stage stage, Shape shape) {
    return answers.getOrDefault(stage, List.of()).stream()
        .filter(answer -> answer.shape().equals(shape))
        .findFirst()
        .orElseGet(() -> constant(shape));
  }

  private static HostTensor constant(Shape shape) {
    float[] values = new float[(int) shape.elementCount()];
    Arrays.fill(values, 0.5f);
    return new HostTensor(shape, values);
  }
}
