package dev.showo2.conformance;

import dev.showo2.tensor.HostTensor;
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
