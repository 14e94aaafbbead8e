package dev.showo2.model;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;

/** Writes {@code showo2.json}; the mirror image of {@link ManifestReader}. */
final class ManifestWriter {

  private ManifestWriter() {}

  static String write(BundleManifest manifest) {
    JsonObject json = new JsonObject();
    json.addProperty("format_version", BundleManifest.FORMAT_VERSION);
    json.addProperty("name", manifest.name());
    json.add("precision", precision(manifest.precision()));
    json.add("architecture", ArchitectureJson.write(manifest.architecture()));
    json.add("special_tokens", tokens(manifest.specialTokens()));
    json.add("defaults", defaults(manifest.defaults()));
    json.add("files", files(manifest));
    json.add("graphs", graphs(manifest));
    return new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(json) + "\n";
  }

  private static JsonObject precision(StagePrecisions precisions) {
    JsonObject json = new JsonObject();
    precisions
        .byStage()
        .forEach((stage, precision) -> json.addProperty(stage.id(), precision.id()));
    return json;
  }

  private static JsonObject tokens(SpecialTokens tokens) {
    JsonObject json = new JsonObject();
    json.addProperty("bos", tokens.bos());
    json.addProperty("eos", tokens.eos());
    json.addProperty("boi", tokens.boi());
    json.addProperty("eoi", tokens.eoi());
    json.addProperty("bov", tokens.bov());
    json.addProperty("eov", tokens.eov());
    json.addProperty("image_pad", tokens.imagePad());
    json.addProperty("video_pad", tokens.videoPad());
    json.addProperty("pad", tokens.pad());
    return json;
  }

  private static JsonObject defaults(GenerationDefaults defaults) {
    JsonObject json = new JsonObject();
    json.addProperty("steps", defaults.steps());
    json.addProperty("guidance_scale", defaults.guidanceScale());
    json.addProperty("time_shift", defaults.timeShift());
    json.addProperty("solver", defaults.solver());
    json.addProperty("video_latent_frames", defaults.videoLatentFrames());
    json.addProperty("max_prompt_tokens", defaults.maxPromptTokens());
    return json;
  }

  private static JsonArray files(BundleManifest manifest) {
    JsonArray array = new JsonArray();
    for (BundleFile file : manifest.files()) {
      JsonObject json = new JsonObject();
      json.addProperty("name", file.name());
      json.addProperty("size", file.size());
      json.addProperty("sha256", file.sha256());
      array.add(json);
    }
    return array;
  }

  private static JsonArray graphs(BundleManifest manifest) {
    JsonArray array = new JsonArray();
    for (GraphFile graph : manifest.graphs()) {
      JsonObject json = new JsonObject();
      json.addProperty("stage", graph.stage().id());
      if (!graph.part().equals(GraphFile.MAIN)) {
        json.addProperty("part", graph.part());
      }
      json.addProperty("dialect", graph.dialect());
      json.addProperty("file", graph.file());
      array.add(json);
    }
    return array;
  }
}
