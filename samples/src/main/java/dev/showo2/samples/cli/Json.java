package dev.showo2.samples.cli;

import com.google.gson.FieldNamingPolicy;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.showo2.media.PngText;
import dev.showo2.pipeline.GeneratedImage;
import dev.showo2.pipeline.GeneratedText;
import dev.showo2.pipeline.ScoredImage;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

/** Results as JSON. */
final class Json {

  private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

  private static final Gson RECORDS =
      new GsonBuilder()
          .setFieldNamingPolicy(FieldNamingPolicy.LOWER_CASE_WITH_UNDERSCORES)
          .create();

  /** The settings that are numbers; a prompt may look like one. */
  private static final Set<String> NUMBERS =
      Set.of(
          "seed",
          "steps",
          "guidance_scale",
          "guidance_end",
          "time_shift",
          "strength",
          "latent_frames");

  private Json() {}

  /** The components of a record by name, such as {@code hidden_size}. */
  static JsonObject of(Record values) {
    return RECORDS.toJsonTree(values).getAsJsonObject();
  }

  /** On one line. */
  static String text(JsonElement json) {
    return GSON.toJson(json);
  }

  static JsonObject image(Path file, GeneratedImage image) {
    JsonObject json = new JsonObject();
    json.addProperty("file", OutputFile.absolute(file).toString());
    json.addProperty("seed", Seeds.number(image.seed()));
    json.addProperty("width", image.image().getWidth());
    json.addProperty("height", image.image().getHeight());
    json.add("settings", settings(image.settings()));
    return json;
  }

  static JsonObject score(ScoredImage candidate) {
    JsonObject json = new JsonObject();
    json.addProperty("seed", Seeds.number(candidate.image().seed()));
    json.addProperty("score", candidate.score());
    return json;
  }

  static JsonObject text(GeneratedText text) {
    JsonObject json = new JsonObject();
    json.addProperty("text", text.text());
    json.addProperty("tokens", text.ids().length);
    json.addProperty("finish", name(text.finish()));
    return json;
  }

  /** The settings of a result: numbers as numbers, all else as text. */
  static JsonObject settings(PngText settings) {
    JsonObject json = new JsonObject();
    settings
        .entries()
        .forEach(
            (name, value) -> {
              if (NUMBERS.contains(name)) {
                json.addProperty(name, new BigDecimal(value));
              } else {
                json.addProperty(name, value);
              }
            });
    return json;
  }

  /** Such as {@code stop_token}. */
  static String name(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
