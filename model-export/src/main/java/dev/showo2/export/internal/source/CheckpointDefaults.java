package dev.showo2.export.internal.source;

import dev.showo2.model.Architecture;
import dev.showo2.model.GenerationDefaults;
import dev.showo2.model.internal.JsonFields;
import dev.showo2.sampler.Solver;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Default settings: those of {@code inference} in {@code arch.json}, else those of the released
 * scripts.
 */
final class CheckpointDefaults {

  private static final int RELEASED_STEPS = 50;
  private static final float RELEASED_GUIDANCE = 5;
  private static final float RELEASED_TIME_SHIFT = 3;
  private static final String RELEASED_SOLVER = "euler";
  private static final int RELEASED_VIDEO_LATENT_FRAMES = 5;

  /** 1024 positions at 27×27 tokens, less the image and four special tokens (SPEC 8). */
  private static final int RELEASED_PROMPT_TOKENS = 290;

  /** What the released HQ scripts leave at 32×32 and 64×64 tokens: 1280 and 4352 positions. */
  private static final int RELEASED_HQ_PROMPT_TOKENS = 251;

  private CheckpointDefaults() {}

  /**
   * @throws dev.showo2.error.InvalidModelException if a setting is out of its range
   */
  static GenerationDefaults of(Architecture architecture, Optional<JsonFields> arch) {
    Optional<JsonFields> inference =
        arch.filter(json -> json.has("inference")).map(json -> json.object("inference"));
    return new GenerationDefaults(
        integer(inference, "num_inference_steps", 2, RELEASED_STEPS),
        number(inference, "guidance_scale", 0, RELEASED_GUIDANCE),
        number(inference, "time_shifting_factor", Float.MIN_NORMAL, RELEASED_TIME_SHIFT),
        inference
            .filter(json -> json.has("sampling_method"))
            .map(CheckpointDefaults::solver)
            .orElse(RELEASED_SOLVER),
        integer(inference, "video_latent_frames", 1, RELEASED_VIDEO_LATENT_FRAMES),
        integer(inference, "max_prompt_tokens", 1, promptTokens(architecture)));
  }

  private static int promptTokens(Architecture architecture) {
    int side = architecture.imageGrid().rows();
    return side == 32 || side == 64 ? RELEASED_HQ_PROMPT_TOKENS : RELEASED_PROMPT_TOKENS;
  }

  private static int integer(Optional<JsonFields> json, String name, int min, int released) {
    return json.filter(fields -> fields.has(name))
        .map(fields -> fields.integer(name, min, 10_000))
        .orElse(released);
  }

  private static float number(Optional<JsonFields> json, String name, float min, float released) {
    float value =
        json.filter(fields -> fields.has(name))
            .map(fields -> (float) fields.number(name))
            .orElse(released);
    if (!(value >= min && value < Float.POSITIVE_INFINITY)) {
      throw json.orElseThrow().wrong(name, min == 0 ? "at least 0" : "above 0");
    }
    return value;
  }

  /** Refused here, a misspelled name does not break every request of the finished bundle. */
  private static String solver(JsonFields inference) {
    String name = inference.string("sampling_method");
    List<String> known = Arrays.stream(Solver.values()).map(Solver::id).toList();
    if (!known.contains(name)) {
      throw inference.wrong("sampling_method", "one of " + known);
    }
    return name;
  }
}
