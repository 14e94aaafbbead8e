package dev.showo2.conformance.internal.compare;

import dev.showo2.conformance.compare.Comparison;
import dev.showo2.conformance.compare.Tolerance;
import dev.showo2.conformance.compare.Tolerances;
import dev.showo2.conformance.compare.Values;
import dev.showo2.model.Precision;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apiguardian.api.API;

/**
 * Collects the comparisons of one check, so that those made before a failure are reported too, and
 * keeps the values that were found. For one thread.
 */
@API(status = API.Status.INTERNAL)
public final class Checks {

  /** What is asked twice is answered twice alike, however the backend rounds. */
  private static final Tolerances AGAIN = Tolerances.of(Precision.FP32);

  private final Precision precision;
  private final List<Comparison> comparisons = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final Set<String> advice = new LinkedHashSet<>();
  private final Map<String, Values> found = new HashMap<>();
  private Optional<String> obstacle = Optional.empty();
  private String hint = "";

  public Checks(Precision precision) {
    this.precision = precision;
  }

  /** Holds a tensor against its golden, in the tolerance of one stage. */
  public void stage(String name, Tensor actual, HostTensor expected) {
    stage(name, actual.toHost(), expected);
  }

  /** Holds a tensor against its golden, in the tolerance of one stage. */
  public void stage(String name, HostTensor actual, HostTensor expected) {
    compare(name, Values.of(actual), Values.of(expected), Tolerances.of(precision).stage());
  }

  /** Holds a tensor against its golden, in the tolerance of a whole run of the sampler. */
  public void trajectory(String name, HostTensor actual, HostTensor expected) {
    compare(name, Values.of(actual), Values.of(expected), Tolerances.of(precision).trajectory());
  }

  /** Holds 8-bit pixels at the end of a whole run against their golden. */
  public void pixels(String name, Values actual, Values expected) {
    compare(name, actual, expected, Tolerances.of(precision).pixels());
  }

  /** Holds what a backend gives against what it gave for the same call, judged as in fp32. */
  public void again(String name, HostTensor actual, HostTensor expected) {
    compare(name, Values.of(actual), Values.of(expected), AGAIN.stage());
  }

  /** Holds the latents of a whole run against those of the same run, judged as in fp32. */
  public void runAgain(String name, HostTensor actual, HostTensor expected) {
    compare(name, Values.of(actual), Values.of(expected), AGAIN.trajectory());
  }

  /** Holds 8-bit pixels of a whole run against those of the same run, judged as in fp32. */
  public void pixelsAgain(String name, Values actual, Values expected) {
    compare(name, actual, expected, AGAIN.pixels());
  }

  /**
   * Holds what a backend gives against what it gave for the same values in other pieces, in another
   * batch, or with another history of its cache.
   */
  public void pieces(String name, HostTensor actual, HostTensor expected) {
    compare(name, Values.of(actual), Values.of(expected), Tolerances.of(precision).pieces());
  }

  /** Holds pixels that a model is given against their golden. */
  public void preprocessed(String name, HostTensor actual, HostTensor expected) {
    compare(name, Values.of(actual), Values.of(expected), Tolerance.PREPROCESSED);
  }

  /** Holds tokens that a model chose against those that the reference chose. */
  public void tokens(String name, int[] actual, long[] expected) {
    Comparison exact = Comparison.of(name, ids(actual), Values.of(expected), Tolerance.EXACT);
    if (Tolerances.of(precision).judgesTokens() || exact.passed()) {
      add(exact);
    } else {
      note(name + " not judged in " + precision.id() + ": " + exact);
    }
  }

  /** Holds ids that nobody computed against others. */
  public void exact(String name, int[] actual, long[] expected) {
    compare(name, ids(actual), Values.of(expected), Tolerance.EXACT);
  }

  /** Holds ids of several sequences against others. */
  public void exact(String name, Shape shape, long[] actual, long[] expected) {
    compare(name, Values.of(shape, actual), Values.of(shape, expected), Tolerance.EXACT);
  }

  /** Holds one number against another. */
  public void exact(String name, long actual, long expected) {
    compare(name, Values.of(actual), Values.of(expected), Tolerance.EXACT);
  }

  /** Holds all values of a tensor against others, bit by bit. */
  public void same(String name, HostTensor actual, HostTensor expected) {
    compare(name, Values.of(actual), Values.of(expected), Tolerance.EXACT);
  }

  /** Holds a text that a model wrote against the one that the reference wrote. */
  public void text(String name, String actual, String expected) {
    Comparison comparison = Comparison.ofText(name, actual, expected);
    if (Tolerances.of(precision).judgesTokens() || comparison.passed()) {
      add(comparison);
    } else {
      note(name + " not judged in " + precision.id() + ": " + comparison);
    }
  }

  /**
   * Notes that something is as it should be, or why not.
   *
   * @param problem what was expected and what was found, should it not hold
   */
  public void holds(String name, boolean holds, String problem) {
    add(Comparison.ofClaim(name, holds, problem));
  }

  private static Values ids(int[] ids) {
    long[] wide = new long[ids.length];
    for (int i = 0; i < ids.length; i++) {
      wide[i] = ids[i];
    }
    return Values.of(wide);
  }

  private void compare(String name, Values actual, Values expected, Tolerance tolerance) {
    found.put(name, actual);
    add(Comparison.of(name, actual, expected, tolerance));
  }

  private void add(Comparison comparison) {
    comparisons.add(comparison);
    if (!comparison.passed()) {
      advise();
    }
  }

  /** Says where to look if what is compared from now on, up to the next hint, does not hold. */
  public void hint(String hint) {
    this.hint = hint;
  }

  /** Gives the hint that stands: what it is about did not hold, or threw. */
  public void advise() {
    if (!hint.isEmpty()) {
      advice.add(hint);
    }
  }

  /** Says what the check left out although it ran. */
  public void note(String note) {
    notes.add(note);
  }

  /** Says that the check cannot run here, and why. */
  public void cannotRun(String why) {
    obstacle = Optional.of(why);
  }

  /** Why the check cannot run here. */
  public Optional<String> obstacle() {
    return obstacle;
  }

  public List<Comparison> comparisons() {
    return comparisons;
  }

  /** The hints that were given for what did not hold, or an empty text. */
  public String advice() {
    return String.join("; ", advice);
  }

  /** What was found, by the name of the comparison. */
  public Map<String, Values> found() {
    return found;
  }

  public String notes() {
    return String.join("; ", notes);
  }
}
