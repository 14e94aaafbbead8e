package dev.showo2.export.fake;

import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import java.util.function.UnaryOperator;

/** What a fake backend offers and does, and what it has not closed. */
public final class Behaviour {

  private final Set<Stage> offered = EnumSet.allOf(Stage.class);
  private Stage changed;
  private UnaryOperator<HostTensor> change = UnaryOperator.identity();

  /** Everything that was opened and not yet closed. */
  final Set<Object> open = new HashSet<>();

  public Behaviour without(Stage stage) {
    offered.remove(stage);
    return this;
  }

  /** The stage gives the right shape with one value that is none. */
  public Behaviour notFinite(Stage stage, float value) {
    return change(
        stage,
        tensor -> {
          tensor.values()[tensor.values().length - 1] = value;
          return tensor;
        });
  }

  /** The stage gives one row too many. */
  public Behaviour tooLong(Stage stage) {
    return change(
        stage,
        tensor -> {
          long[] shape = tensor.shape().toArray();
          shape[1]++;
          Shape longer = Shape.of(shape);
          return new HostTensor(longer, new float[(int) longer.elementCount()]);
        });
  }

  public Behaviour failing(Stage stage, RuntimeException failure) {
    return change(
        stage,
        tensor -> {
          throw failure;
        });
  }

  private Behaviour change(Stage stage, UnaryOperator<HostTensor> how) {
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

  FakeTensor result(Stage stage, long... shape) {
    float[] values = new float[(int) Shape.of(shape).elementCount()];
    Arrays.fill(values, 0.5f);
    HostTensor right = new HostTensor(Shape.of(shape), values);
    return new FakeTensor(this, stage == changed ? change.apply(right) : right);
  }
}
