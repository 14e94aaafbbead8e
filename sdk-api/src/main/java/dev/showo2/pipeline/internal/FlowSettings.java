package dev.showo2.pipeline.internal;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.media.PngText;
import dev.showo2.model.GenerationDefaults;
import dev.showo2.pipeline.FlowOptions;
import dev.showo2.sampler.Solver;
import dev.showo2.sampler.TimeSchedule;
import dev.showo2.sampler.internal.Guidance;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apiguardian.api.API;

/**
 * The settings of a flow: those of a request, completed by the model's defaults. Immutable.
 *
 * @param solver of the ODE
 * @param guidance scale of classifier-free guidance
 * @param guidanceEnd share of the solver steps, 0 … 1, after which there is no guidance
 * @param negativePrompt prompt of the unconditional branch
 * @param timeShift s in t/(t + s - s·t)
 * @param times time points, the last 1; the first is 0 for flows that start from noise
 */
@SuppressWarnings("ArrayRecordComponent") // never handed out
@API(status = API.Status.INTERNAL, since = "0.1")
public record FlowSettings(
    Solver solver,
    Guidance guidance,
    float guidanceEnd,
    String negativePrompt,
    float timeShift,
    float[] times) {

  /**
   * Completes the options of a request.
   *
   * @param defaults of the model
   * @param options of the request
   * @param later guidance of further images with the same options
   * @throws InvalidRequestException if a setting is out of its range, or they contradict each other
   */
  static FlowSettings of(GenerationDefaults defaults, FlowOptions options, Guidance... later) {
    float shift = options.timeShift().orElse(defaults.timeShift());
    Guidance guidance = new Guidance(options.guidanceScale().orElse(defaults.guidanceScale()));
    float end = options.guidanceEnd().orElse(1f);
    if (options.negativePrompt().isPresent()) {
      requireOn(
          "guidance scale",
          guidance.scale() == 1 ? "1" : "0",
          guidance.enabled() || Arrays.stream(later).anyMatch(Guidance::enabled));
      requireOn("guidance end", "0", end > 0);
    }
    return new FlowSettings(
            options.solver().orElseGet(() -> Solver.ofId(defaults.solver())),
            guidance,
            end,
            options.negativePrompt().orElse(""),
            shift,
            TimeSchedule.shifted(options.steps().orElse(defaults.steps()), shift))
        .withNegativePromptInUse();
  }

  /** Requires that the negative prompt affects a solver step: a share of few steps may be none. */
  private FlowSettings withNegativePromptInUse() {
    if (!negativePrompt.isEmpty()) {
      String none = guidanceEnd + " of " + (times.length - 1) + " steps is none";
      requireOn("guidance end", none, stepsBeforeGuidanceEnds() > 0);
    }
    return this;
  }

  private static void requireOn(String setting, String found, boolean on) {
    if (!on) {
      throw new InvalidRequestException(
          "negative prompt: it takes part through guidance, which is off ("
              + setting
              + " "
              + found
              + "); raise the "
              + setting
              + " or leave the negative prompt out");
    }
  }

  /** The same settings with another guidance scale. */
  FlowSettings withGuidance(Guidance other) {
    return new FlowSettings(solver, other, guidanceEnd, negativePrompt, timeShift, times);
  }

  /**
   * The same settings from a later time on.
   *
   * @param start 0 … below 1
   * @return settings whose first time point is {@code start}
   * @throws InvalidRequestException if the negative prompt affects none of the remaining solver
   *     steps
   */
  public FlowSettings startingAt(float start) {
    float[] later = TimeSchedule.shiftedFrom(start, times.length, timeShift);
    return new FlowSettings(solver, guidance, guidanceEnd, negativePrompt, timeShift, later)
        .withNegativePromptInUse();
  }

  /** The number of solver steps with guidance, from the first on. */
  int guidedSteps() {
    return guidance.enabled() ? stepsBeforeGuidanceEnds() : 0;
  }

  private int stepsBeforeGuidanceEnds() {
    return Math.round(guidanceEnd * (times.length - 1));
  }

  /** Whether any solver step uses guidance. */
  boolean guided() {
    return guidedSteps() > 0;
  }

  /** The settings that reproduce a result, for the metadata of an image. */
  PngText describe(String prompt, long seed, boolean latentsGiven, LoadedModel model) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("prompt", prompt);
    settings.put("seed", Long.toUnsignedString(seed));
    if (latentsGiven) {
      // The seed alone does not reproduce the image.
      settings.put("initial_latents", "given");
    }
    settings.put("steps", Integer.toString(times.length));
    settings.put("guidance_scale", Float.toString(guidance.scale()));
    if (guidanceEnd < 1) {
      settings.put("guidance_end", Float.toString(guidanceEnd));
    }
    if (!negativePrompt.isEmpty()) {
      settings.put("negative_prompt", negativePrompt);
    }
    settings.put("solver", solver.id());
    settings.put("time_shift", Float.toString(timeShift));
    settings.put("model", model.bundle().manifest().name());
    settings.put("model_hash", model.bundle().hash());
    settings.put("backend", model.backendId());
    return new PngText(settings);
  }
}
