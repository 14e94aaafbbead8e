package dev.showo2.pipeline.internal;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.media.PngText;
import dev.showo2.model.GenerationDefaults;
import dev.showo2.pipeline.FlowOptions;
import dev.showo2.pipeline.FlowPreset;
import dev.showo2.sampler.Solver;
import dev.showo2.sampler.StepReuse;
import dev.showo2.sampler.TimeSchedule;
import dev.showo2.sampler.internal.Guidance;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.apiguardian.api.API;

/**
 * The settings of a flow: those of a request, completed by the model's defaults. Immutable.
 *
 * @param solver of the ODE
 * @param guidance scale of classifier-free guidance
 * @param guided shares of the solver steps between which there is guidance
 * @param negativePrompt prompt of the unconditional branch
 * @param timeShift s in t/(t + s - s·t)
 * @param reuse what solver steps reuse of earlier ones
 * @param times time points, the last 1; the first is 0 for flows that start from noise
 */
@SuppressWarnings("ArrayRecordComponent") // never handed out
@API(status = API.Status.INTERNAL, since = "0.1")
public record FlowSettings(
    Solver solver,
    Guidance guidance,
    GuidedShare guided,
    String negativePrompt,
    float timeShift,
    StepReuse reuse,
    float[] times) {

  /**
   * The part of a flow that is guided.
   *
   * @param start share of the solver steps before it, 0 … 1
   * @param end share of the solver steps up to its end, 0 … 1
   */
  record GuidedShare(float start, float end) {

    int first(int steps) {
      return Math.round(start * steps);
    }

    /** The step after the last guided one; no less than the first. */
    int end(int steps) {
      return Math.max(first(steps), Math.round(end * steps));
    }
  }

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
    GuidedShare guided =
        new GuidedShare(options.guidanceStart().orElse(0f), options.guidanceEnd().orElse(1f));
    FlowPreset preset = options.preset().orElse(FlowPreset.QUALITY);
    Solver solver = options.solver().orElseGet(() -> Solver.ofId(defaults.solver()));
    if (options.negativePrompt().isPresent()) {
      requireOn(
          "guidance scale",
          guidance.scale() == 1 ? "1" : "0",
          guidance.enabled() || Arrays.stream(later).anyMatch(Guidance::enabled));
      requireOn("guidance end", "0", guided.end() > 0);
    }
    return new FlowSettings(
            solver,
            guidance,
            guided,
            options.negativePrompt().orElse(""),
            shift,
            reuse(options, preset, solver),
            TimeSchedule.shifted(
                options.steps().orElseGet(() -> preset.points(defaults.steps())), shift))
        .withGuidanceInUse();
  }

  /** Requires a solver that suits what a request asks for; a preset gives way to the solver. */
  private static StepReuse reuse(FlowOptions options, FlowPreset preset, Solver solver) {
    StepReuse reuse = options.reuse().orElse(preset.reuse());
    if (!reuse.enabled() || solver.evaluatesOncePerStep()) {
      return reuse;
    }
    if (options.reuse().isEmpty()) {
      return StepReuse.none();
    }
    throw new InvalidRequestException(
        "step reuse: a solver is needed that evaluates the model once a step ("
            + Arrays.stream(Solver.values())
                .filter(Solver::evaluatesOncePerStep)
                .map(Solver::id)
                .collect(Collectors.joining(", "))
            + "), found "
            + solver.id());
  }

  private boolean anyStepInInterval() {
    int steps = times.length - 1;
    return guided.end(steps) > guided.first(steps);
  }

  /** Requires that guidance affects a solver step: a share of few steps may be none. */
  private FlowSettings withGuidanceInUse() {
    if (!negativePrompt.isEmpty()) {
      String none = guided.end() + " of " + (times.length - 1) + " steps is none";
      requireOn("guidance end", none, guided.start() > 0 || anyStepInInterval());
    }
    if (guided.start() > 0 && guidance.enabled() && !anyStepInInterval()) {
      throw new InvalidRequestException(
          "guidance start: from "
              + guided.start()
              + " to "
              + guided.end()
              + " of "
              + (times.length - 1)
              + " steps there is none; let guidance begin earlier or end later, or use guidance"
              + " scale 0 for no guidance");
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
    return new FlowSettings(solver, other, guided, negativePrompt, timeShift, reuse, times);
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
    return new FlowSettings(solver, guidance, guided, negativePrompt, timeShift, reuse, later)
        .withGuidanceInUse();
  }

  /** The first solver step with guidance; that after the last one where there is none. */
  int firstGuided() {
    return guidance.enabled() ? guided.first(times.length - 1) : times.length - 1;
  }

  /** The solver step after the last one with guidance. */
  int guidedEnd() {
    return guidance.enabled() ? guided.end(times.length - 1) : times.length - 1;
  }

  /** Whether any solver step uses guidance. */
  boolean isGuided() {
    return guidedEnd() > firstGuided();
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
    if (guided.start() > 0) {
      settings.put("guidance_start", Float.toString(guided.start()));
    }
    if (guided.end() < 1) {
      settings.put("guidance_end", Float.toString(guided.end()));
    }
    if (!negativePrompt.isEmpty()) {
      settings.put("negative_prompt", negativePrompt);
    }
    settings.put("solver", solver.id());
    settings.put("time_shift", Float.toString(timeShift));
    if (reuse.enabled()) {
      settings.put("reuse", reuse.id());
    }
    settings.put("model", model.bundle().manifest().name());
    settings.put("model_hash", model.bundle().hash());
    settings.put("backend", model.backendId());
    return new PngText(settings);
  }
}
