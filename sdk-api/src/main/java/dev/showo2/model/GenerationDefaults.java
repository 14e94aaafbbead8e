package dev.showo2.model;

import java.util.Objects;
import org.apiguardian.api.API;

/**
 * What a model's makers recommend; requests that leave a setting open get these.
 *
 * @param steps time points of a flow, 2 … 10,000; an Euler run makes one evaluation fewer
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

  public GenerationDefaults {
    Objects.requireNonNull(solver, "solver");
  }
}
