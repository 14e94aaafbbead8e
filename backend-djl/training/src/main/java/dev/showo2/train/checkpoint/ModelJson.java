package dev.showo2.train.checkpoint;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import dev.showo2.export.internal.architecture.CheckpointJson;
import dev.showo2.export.internal.architecture.KnownModel;
import dev.showo2.model.Architecture;
import dev.showo2.model.GenerationDefaults;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The JSON files beside the weights of a model that no checkpoint describes yet. */
final class ModelJson {

  private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

  private ModelJson() {}

  /**
   * {@code config.json}. Of known sizes it names the models that the official code takes its
   * classes' sizes from, and tells it to load no weights from there.
   */
  static JsonObject config(Architecture sizes) {
    JsonObject json = CheckpointJson.config(sizes);
    for (KnownModel model : new KnownModel[] {KnownModel.SMALL, KnownModel.LARGE}) {
      if (model.architecture().backbone().equals(sizes.backbone())) {
        json.addProperty(
            "llm_model_path",
            model == KnownModel.SMALL ? "Qwen/Qwen2.5-1.5B-Instruct" : "Qwen/Qwen2.5-7B-Instruct");
      }
    }
    if (KnownModel.SMALL.architecture().semantic().equals(sizes.semantic())) {
      json.addProperty("clip_pretrained_model_path", "google/siglip-so400m-patch14-384");
    }
    json.addProperty("load_from_showo", true);
    return json;
  }

  /**
   * {@code arch.json}.
   *
   * @param defaults for generation; empty for those of the released scripts
   */
  static JsonObject arch(Architecture sizes, Optional<GenerationDefaults> defaults) {
    JsonObject json = CheckpointJson.arch(sizes);
    defaults.ifPresent(settings -> json.add("inference", inference(settings)));
    return json;
  }

  private static JsonObject inference(GenerationDefaults defaults) {
    JsonObject json = new JsonObject();
    json.addProperty("num_inference_steps", defaults.steps());
    json.addProperty("guidance_scale", defaults.guidanceScale());
    json.addProperty("time_shifting_factor", defaults.timeShift());
    json.addProperty("sampling_method", defaults.solver());
    json.addProperty("video_latent_frames", defaults.videoLatentFrames());
    json.addProperty("max_prompt_tokens", defaults.maxPromptTokens());
    return json;
  }

  static byte[] bytes(JsonObject json) {
    return (GSON.toJson(json) + "\n").getBytes(StandardCharsets.UTF_8);
  }
}
