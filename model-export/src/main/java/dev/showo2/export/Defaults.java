package dev.showo2.export;

import dev.showo2.model.Architecture;
import dev.showo2.model.GenerationDefaults;
import dev.showo2.model.JsonFields;
import java.util.Optional;

/** Default settings: those of {@code arch.json}, else those of the released scripts. */
final class Defaults {

  private static final int RELEASED_STEPS = 50;
  private static final float RELEASED_GUIDANCE = 5;
  private static final float RELEASED_TIME_SHIFT = 3;
  private static final String RELEASED_SOLVER = "euler";
  private static final int RELEASED_VIDEO_LATENT_FRAMES = 5;

  /** 1024 positions at 27×27 tokens, less the image and four special tokens (SPEC 8). */
  private static final int RELEASED_PROMPT_TOKENS = 290;

  /** What the released HQ scripts leave at 32×32 and 64×64 tokens: 1280 and 4352 positions. */
  private static final int RELEASED_HQ_PROMPT_TOKENS = 251;

  private Defaults() {}

  static GenerationDefaults of(Architecture architecture, Optional<JsonFields> arch) {
    Optional<JsonFields> inference =
        arch.filter(json -> json.has("inference")).map(json -> json.object("inference"));
    return new GenerationDefaults(
        integer(inference, "num_inference_steps", 2, RELEASED_STEPS),
        number(inference, "guidance_scale", RELEASED_GUIDANCE),
        number(inference, "time_shifting_factor", RELEASED_TIME_SHIFT),
        inference.flatMap(json -> json.optionalString("sampling_method")).orElse(RELEASED_SOLVER),
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

  private static float number(Optional<JsonFields> json, String name, float released) {
    return json.filter(fields -> fields.has(name))
        .map(fields -> (float) fields.number(name))
        .orElse(released);
  }
}
