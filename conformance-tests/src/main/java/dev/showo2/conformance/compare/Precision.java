package dev.showo2.conformance.compare;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apiguardian.api.API;

/**
 * The least exact numbers that a backend computes with, and how far its results may then lie from
 * the reference, which computes in 32-bit floats or better.
 *
 * <p>Rounding hardly shows in the direction of a tensor and clearly in its single values: below
 * fp32 both the largest difference and the cosine are bounded. What is allowed is two to five times
 * what rounding the weights alone does to the goldens of {@code tiny-a} and {@code tiny-b}.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum Precision {
  /** A wrong epsilon in a norm already shows at 1e-5 to 5e-5. */
  FP32(new Tolerance(2e-5, true, 1), new Tolerance(2e-4, true, 1)),
  FP16(new Tolerance(2e-2, true, 1, 0.9999), new Tolerance(5e-2, true, 1, 0.999)),
  BF16(new Tolerance(2e-1, true, 1, 0.999), new Tolerance(3e-1, true, 1, 0.99)),
  /** Weights per output channel; norms, time embedding, final layer and VAE stay in floats. */
  INT8(new Tolerance(1e-1, true, 1, 0.999), new Tolerance(5e-1, true, 1, 0.98)),
  /** Weights in blocks of 32; norms, time embedding, final layer and VAE stay in floats. */
  INT4(new Tolerance(8e-1, true, 1, 0.93), new Tolerance(2, true, 1, 0.7));

  private final Tolerance stage;
  private final Tolerance trajectory;

  Precision(Tolerance stage, Tolerance trajectory) {
    this.stage = stage;
    this.trajectory = trajectory;
  }

  /** Such as {@code fp32}; what manifests of bundles say. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * @throws IllegalArgumentException if no precision is called so
   */
  public static Precision of(String id) {
    return Arrays.stream(values())
        .filter(precision -> precision.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "a precision is one of "
                        + Arrays.stream(values())
                            .map(Precision::id)
                            .collect(Collectors.joining(", "))
                        + "; found '"
                        + id
                        + "'"));
  }

  /** One stage, given inputs of the reference. */
  public Tolerance stage() {
    return stage;
  }

  /** A whole run of the sampler. */
  public Tolerance trajectory() {
    return trajectory;
  }

  /**
   * 8-bit pixels at the end of a whole run. In fp32 they are equal, but for one channel value in a
   * thousand that sits on a rounding edge and may be one off.
   */
  public Tolerance pixels() {
    return this == FP32
        ? new Tolerance(1, false, 0.001)
        : new Tolerance(255, false, 1, trajectory.cosine());
  }

  /**
   * Whether tokens that were generated must be those of the reference. Below fp32 a near tie may
   * fall to the other side, and all that follows is another text: the share of equal tokens is
   * shown and not judged.
   */
  public boolean judgesTokens() {
    return this == FP32;
  }
}
