package dev.showo2.sampler;

import dev.showo2.error.InvalidRequestException;
import java.util.Locale;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * An approximation that saves work: solver steps that reuse results of earlier ones. The first two
 * steps of a flow and its last one compute everything, as do the first two after guidance begins or
 * ends. Solvers that evaluate the model once a step take it, the others refuse.
 *
 * <p>What each costs and loses on the demo model stands in the README of the samples; models whose
 * flow bends more lose more. Immutable and thread-safe; what is reused is kept per request.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class StepReuse {

  private static final StepReuse NONE = new StepReuse(Kind.NONE, 1, 0);
  private static final int MOST_STEPS = 100;

  /** The result that is reused. */
  private enum Kind {
    NONE,
    VELOCITY,
    ADAPTIVE,
    BACKBONE
  }

  private final Kind kind;
  private final int steps;
  private final float tolerance;

  private StepReuse(Kind kind, int steps, float tolerance) {
    this.kind = kind;
    this.steps = steps;
    this.tolerance = tolerance;
  }

  /** {@return no reuse: each solver step computes everything} */
  public static StepReuse none() {
    return NONE;
  }

  /**
   * Evaluates the model in one of some steps; in the others the velocity is extrapolated linearly
   * from the last two that were computed. They cost nothing.
   *
   * @param steps from 2 to 100; 2 evaluates every second step
   * @return the approximation
   * @throws InvalidRequestException if the number is out of its range
   */
  public static StepReuse velocity(int steps) {
    return new StepReuse(Kind.VELOCITY, requireSteps(steps), 0);
  }

  /**
   * Extrapolates the velocity as {@link #velocity} does, for as long as it is expected to change
   * little: the change of the latents since the last evaluation, times the ratio of both changes
   * between the last two evaluations, over the size of the velocity, summed over the steps that
   * were extrapolated (the criterion of EasyCache).
   *
   * @param tolerance sum from which on the model is evaluated again, above 0 and at most 1; 0.1 to
   *     0.2 are usual
   * @return the approximation
   * @throws InvalidRequestException if the tolerance is out of its range
   */
  public static StepReuse adaptive(float tolerance) {
    if (!(tolerance > 0 && tolerance <= 1)) {
      throw new InvalidRequestException(
          "step reuse: a tolerance above 0 and at most 1 is needed, found " + tolerance);
    }
    return new StepReuse(Kind.ADAPTIVE, 1, tolerance);
  }

  /**
   * Computes fusion and backbone in one of some steps; the others give the flow head their hidden
   * states again, with the new time. They cost what the flow head costs.
   *
   * @param steps from 2 to 100; 2 computes the backbone in every second step
   * @return the approximation
   * @throws InvalidRequestException if the number is out of its range
   */
  public static StepReuse backbone(int steps) {
    return new StepReuse(Kind.BACKBONE, requireSteps(steps), 0);
  }

  private static int requireSteps(int steps) {
    if (steps < 2 || steps > MOST_STEPS) {
      throw new InvalidRequestException(
          "step reuse: one of 2 to " + MOST_STEPS + " steps can be computed, found " + steps);
    }
    return steps;
  }

  /**
   * Finds the approximation with an id.
   *
   * @param id as {@link #id} gives it
   * @return the approximation
   * @throws InvalidRequestException if there is none; the message lists the forms
   */
  public static StepReuse ofId(String id) {
    int colon = id.indexOf(':');
    String kind = colon < 0 ? id : id.substring(0, colon);
    String value = id.substring(colon + 1);
    try {
      switch (kind) {
        case "none":
          if (colon < 0) {
            return NONE;
          }
          break;
        case "velocity":
          return velocity(Integer.parseInt(value));
        case "adaptive":
          return adaptive(Float.parseFloat(value));
        case "backbone":
          return backbone(Integer.parseInt(value));
        default:
      }
    } catch (NumberFormatException e) {
      throw unknown(id, e);
    }
    throw unknown(id, null);
  }

  private static InvalidRequestException unknown(String id, NumberFormatException cause) {
    return new InvalidRequestException(
        "step reuse: expected none, velocity:STEPS, adaptive:TOLERANCE or backbone:STEPS, such as"
            + " velocity:2; found '"
            + id
            + "'",
        cause);
  }

  /** {@return the name in settings and on command lines, such as {@code velocity:2}} */
  public String id() {
    String name = kind.name().toLowerCase(Locale.ROOT);
    return switch (kind) {
      case NONE -> name;
      case ADAPTIVE -> name + ":" + tolerance;
      case VELOCITY, BACKBONE -> name + ":" + steps;
    };
  }

  /** {@return of how many steps one evaluates the model; 1 where the velocity is not reused so} */
  public int velocitySteps() {
    return kind == Kind.VELOCITY ? steps : 1;
  }

  /** {@return the tolerance of adaptive reuse; 0 where the velocity is not reused so} */
  public float tolerance() {
    return tolerance;
  }

  /** {@return of how many steps one computes the backbone; 1 where it is not reused} */
  public int backboneSteps() {
    return kind == Kind.BACKBONE ? steps : 1;
  }

  /** {@return whether anything is reused} */
  public boolean enabled() {
    return kind != Kind.NONE;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof StepReuse reuse
        && kind == reuse.kind
        && steps == reuse.steps
        && tolerance == reuse.tolerance;
  }

  @Override
  public int hashCode() {
    return Objects.hash(kind, steps, tolerance);
  }

  @Override
  public String toString() {
    return "StepReuse[" + id() + "]";
  }
}
