package dev.showo2.model;

import org.apiguardian.api.API;

/**
 * What a model's makers recommend; requests that leave a setting open get these.
 *
 * @param steps time points of a flow, at least 2; an Euler run makes one evaluation fewer
 * @param guidanceScale strength of classifier-free guidance; 0 turns it off
 * @param timeShift s in t/(t + s - s·t)
 * @param solver name of the ODE solver
 * @param videoLatentFrames T of generated videos
 * @param maxPromptTokens longest prompt for pictures and videos, in tokens
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record GenerationDefaults(
    int steps,
    float guidanceScale,
    float timeShift,
    String solver,
    int videoLatentFrames,
    int maxPromptTokens) {}
