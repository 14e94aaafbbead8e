package dev.showo2.pipeline;

import dev.showo2.media.PngText;
import dev.showo2.model.GenerationDefaults;
import dev.showo2.sampler.Guidance;
import dev.showo2.sampler.Solver;
import dev.showo2.sampler.TimeSchedule;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How noise is carried to latents: a request's settings, completed by the model's defaults.
 *
 * @param times time points, the first 0 and the last 1
 */
record FlowSettings(Solver solver, Guidance guidance, float timeShift, float[] times) {

  /**
   * @throws dev.showo2.error.InvalidRequestException if a setting is out of its range
   */
  static FlowSettings of(GenerationDefaults defaults, FlowOptions options) {
    float shift = options.timeShift().orElse(defaults.timeShift());
    return new FlowSettings(
        options.solver().orElseGet(() -> Solver.ofId(defaults.solver())),
        new Guidance(options.guidanceScale().orElse(defaults.guidanceScale())),
        shift,
        TimeSchedule.shifted(options.steps().orElse(defaults.steps()), shift));
  }

  /** What would draw the same again, for the metadata of a picture. */
  PngText describe(String prompt, long seed, boolean latentsGiven, LoadedModel model) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("prompt", prompt);
    settings.put("seed", Long.toString(seed));
    if (latentsGiven) {
      // Whoever reads the seed must not expect to get the same picture from it.
      settings.put("initial_latents", "given");
    }
    settings.put("steps", Integer.toString(times.length));
    settings.put("guidance_scale", Float.toString(guidance.scale()));
    settings.put("solver", solver.id());
    settings.put("time_shift", Float.toString(timeShift));
    settings.put("model", model.bundle().manifest().name());
    settings.put("model_hash", model.bundle().hash());
    settings.put("backend", model.backendId());
    return new PngText(settings);
  }
}
