package dev.showo2.pipeline;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.sampler.StepReuse;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apiguardian.api.API;

/**
 * A balance of speed and faithfulness of a flow: settings that a request leaves open are those of
 * its preset. What each loses on the demo model stands in the README of the samples.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public enum FlowPreset {
  /** The model's own settings, nothing approximated; the default. */
  QUALITY(1, StepReuse.none()),

  /**
   * Half of the model's solver steps, of which every second extrapolates the velocity: with 50
   * points 14 evaluations of the model in the place of 49.
   */
  BALANCED(0.5f, StepReuse.velocity(2)),

  /**
   * A seventh of the model's solver steps: with 50 points 8, and 7 evaluations of the model in the
   * place of 49. With so few, extrapolation loses more than it saves.
   */
  FAST(1 / 7f, StepReuse.none());

  private static final int LEAST_STEPS = 4;

  private final float share;
  private final StepReuse reuse;

  FlowPreset(float share, StepReuse reuse) {
    this.share = share;
    this.reuse = reuse;
  }

  /** {@return the name on command lines, such as {@code balanced}} */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Finds the preset with an id.
   *
   * @param id as {@link #id} gives it
   * @return the preset
   * @throws InvalidRequestException if there is none; the message lists all
   */
  public static FlowPreset ofId(String id) {
    return Arrays.stream(values())
        .filter(preset -> preset.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidRequestException(
                    "preset: expected one of "
                        + Arrays.stream(values())
                            .map(FlowPreset::id)
                            .collect(Collectors.joining(", "))
                        + "; found '"
                        + id
                        + "'"));
  }

  /**
   * Computes the number of time points.
   *
   * @param points the model's own number
   * @return as many, or fewer, but no fewer than 5 unless the model has fewer
   */
  public int points(int points) {
    int steps = Math.max(LEAST_STEPS, Math.round(share * (points - 1)));
    return Math.min(points, steps + 1);
  }

  /** {@return what solver steps reuse} */
  public StepReuse reuse() {
    return reuse;
  }
}
