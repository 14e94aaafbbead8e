package dev.showo2.conformance.golden;

import dev.showo2.conformance.compare.Comparison;
import dev.showo2.conformance.compare.Tolerance;
import dev.showo2.conformance.compare.Values;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Collects the comparisons of one case, so that those made before a failure are reported too. */
final class Checks {

  private final List<Comparison> comparisons = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  /** Holds a tensor against its golden, in the tolerance of one stage. */
  void stage(String name, Tensor actual, HostTensor expected) {
    stage(name, actual.toHost(), expected);
  }

  /** Holds a tensor against its golden, in the tolerance of one stage. */
  void stage(String name, HostTensor actual, HostTensor expected) {
    add(Comparison.of(name, actual, expected, Tolerance.STAGE));
  }

  /** Holds a tensor against its golden, in the tolerance of a whole run of the sampler. */
  void trajectory(String name, HostTensor actual, HostTensor expected) {
    add(Comparison.of(name, actual, expected, Tolerance.TRAJECTORY));
  }

  /** Holds ids against a golden of the same name. */
  void exact(String name, Shape shape, long[] actual, GoldenCase golden) {
    add(
        Comparison.of(
            name,
            Values.of(shape, actual),
            Values.of(shape, golden.integers(name)),
            Tolerance.EXACT));
  }

  /** Holds one number against another. */
  void exact(String name, long actual, long expected) {
    add(Comparison.of(name, Values.of(actual), Values.of(expected), Tolerance.EXACT));
  }

  void add(Comparison comparison) {
    comparisons.add(comparison);
  }

  /** Says what the case left out although it ran. */
  void note(String note) {
    notes.add(note);
  }

  List<Comparison> comparisons() {
    return comparisons;
  }

  String notes() {
    return String.join("; ", notes);
  }
}
