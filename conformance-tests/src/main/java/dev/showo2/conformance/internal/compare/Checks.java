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
 * keeps the values that were found. Not thread-safe.
 */
@API(status = API.Status.INTERNAL)
public final class Checks {

  /** The same call is judged as in fp32, however the backend rounds. */
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

  /** The tolerances that a comparison is judged by. */
  public enum Within {
    /** One stage, compared with its golden or the reference backend. */
    STAGE,
    /** The latents of a whole run of the sampler. */
    TRAJECTORY,
    /** The 8-bit pixels of a whole run. */
    PIXELS,
    /** The same values in other pieces, another batch or another order of calls. */
    PIECES,
    /** The same call again; as in fp32, whatever the precision. */
    SAME_CALL,
    /** The latents of the same run again; as in fp32. */
    SAME_RUN,
    /** The 8-bit pixels of the same run again; as in fp32. */
    SAME_RUN_PIXELS,
    /** Pixels that a model is given, made of an image. */
    PREPROCESSED,
    /** Equal bit by bit. */
    EXACT;

    private Tolerance in(Precision precision) {
      Tolerances judged = Tolerances.of(precision);
      return switch (this) {
        case STAGE -> judged.stage();
        case TRAJECTORY -> judged.trajectory();
        case PIXELS -> judged.pixels();
        case PIECES -> judged.pieces();
        case SAME_CALL -> AGAIN.stage();
        case SAME_RUN -> AGAIN.trajectory();
        case SAME_RUN_PIXELS -> AGAIN.pixels();
        case PREPROCESSED -> Tolerance.PREPROCESSED;
        case EXACT -> Tolerance.EXACT;
      };
    }
  }

  /** Compares a tensor of a backend with expected values. */
  public void compare(String name, Tensor actual, HostTensor expected, Within within) {
    compare(name, actual.toHost(), expected, within);
  }

  /** Compares a tensor with expected values. */
  public void compare(String name, HostTensor actual, HostTensor expected, Within within) {
    compare(name, Values.of(actual), Values.of(expected), within);
  }

  /** Compares values of any type with expected ones. */
  public void compare(String name, Values actual, Values expected, Within within) {
    compare(name, actual, expected, within.in(precision));
  }

  /** Compares ids with expected ones, exactly. */
  public void compare(String name, int[] actual, long[] expected) {
    compare(name, ids(actual), Values.of(expected), Tolerance.EXACT);
  }

  /** Compares ids of several sequences with expected ones, exactly. */
  public void compare(String name, Shape shape, long[] actual, long[] expected) {
    compare(name, Values.of(shape, actual), Values.of(shape, expected), Tolerance.EXACT);
  }

  /** Compares a number with an expected one, exactly. */
  public void compare(String name, long actual, long expected) {
    compare(name, Values.of(actual), Values.of(expected), Tolerance.EXACT);
  }

  /** Compares generated tokens with expected ones; low precisions only note a difference. */
  public void compareTokens(String name, int[] actual, long[] expected) {
    judgeTokens(name, Comparison.of(name, ids(actual), Values.of(expected), Tolerance.EXACT));
  }

  /** Compares a generated text with the expected one; low precisions only note a difference. */
  public void compareText(String name, String actual, String expected) {
    judgeTokens(name, Comparison.ofText(name, actual, expected));
  }

  private void judgeTokens(String name, Comparison comparison) {
    if (Tolerances.of(precision).judgesTokens() || comparison.passed()) {
      add(comparison);
    } else {
      note(name + " not judged in " + precision.id() + ": " + comparison);
    }
  }

  /**
   * Adds a claim that is not a comparison of values.
   *
   * @param problem what was expected and what was found, should it not hold
   */
  public void require(String name, boolean holds, String problem) {
    add(Comparison.ofClaim(name, holds, problem));
  }

  /**
   * Adds a figure that was measured elsewhere.
   *
   * @param text the figure with what is allowed
   * @param problem what was found, should it be more
   */
  public void require(String text, double allowed, boolean holds, String problem) {
    add(Comparison.ofFigure(text, allowed, holds, problem));
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

  /** Reports the current hint: the check that it is about failed, or threw. */
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
