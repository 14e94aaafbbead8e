package dev.showo2.model;

import java.util.Objects;
import org.apiguardian.api.API;

/**
 * The settings that a model's authors recommend, used where requests leave a setting open.
 * Immutable and thread-safe.
 *
 * @param steps number n of time points of a flow, 2 … 10,000; they make n - 1 solver steps
 * @param guidanceScale strength of classifier-free guidance, at least 0; 0 turns it off
 * @param timeShift s in t/(t + s - s·t), above 0
 * @param solver id of the ODE solver, such as {@code euler}
 * @param videoLatentFrames T of generated videos, at least 1
 * @param maxPromptTokens longest prompt for images and videos, in tokens, at least 1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record GenerationDefaults(
    int steps,
    float guidanceScale,
    float timeShift,
    String solver,
    int videoLatentFrames,
    int maxPromptTokens) {

  /**
   * Holds the settings; ranges are not checked here, but where a manifest is read.
   *
   * @param steps number n of time points of a flow, 2 … 10,000; they make n - 1 solver steps
   * @param guidanceScale strength of classifier-free guidance, at least 0; 0 turns it off
   * @param timeShift s in t/(t + s - s·t), above 0
   * @param solver id of the ODE solver, such as {@code euler}
   * @param videoLatentFrames T of generated videos, at least 1
   * @param maxPromptTokens longest prompt for images and videos, in tokens, at least 1
   */
  public GenerationDefaults {
    Objects.requireNonNull(solver, "solver");
  }
}
