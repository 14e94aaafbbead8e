package dev.showo2.bench;

import com.google.gson.FieldNamingPolicy;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;

/** Results as JSON: the components of the records by name, and figures derived from them. */
final class BenchmarkJson {

  /** Raised when a program that reads results has to know. */
  private static final int FORMAT = 1;

  private static final Gson GSON =
      new GsonBuilder()
          .disableHtmlEscaping()
          .setFieldNamingPolicy(FieldNamingPolicy.LOWER_CASE_WITH_UNDERSCORES)
          .registerTypeAdapter(BenchmarkStage.class, new StageName())
          .create();

  private BenchmarkJson() {}

  static String text(BenchmarkResult result) {
    JsonObject json = new JsonObject();
    json.addProperty("format", FORMAT);
    GSON.toJsonTree(result)
        .getAsJsonObject()
        .entrySet()
        .forEach(e -> json.add(e.getKey(), e.getValue()));
    for (int i = 0; i < result.figures().size(); i++) {
      BenchmarkFigure figure = result.figures().get(i);
      JsonObject derived = json.getAsJsonArray("figures").get(i).getAsJsonObject();
      derived.addProperty("best", figure.best());
      derived.addProperty("median", figure.median());
      figure
          .limit(result.rates())
          .ifPresent(
              limit -> {
                derived.addProperty("share_of_machine", limit / figure.best());
                derived.addProperty("bound_by", figure.boundBy(result.rates()));
              });
    }
    return GSON.toJson(json);
  }

  static BenchmarkResult parse(String text) {
    try {
      JsonObject json = GSON.fromJson(text, JsonObject.class);
      JsonElement format = json == null ? null : json.get("format");
      if (format == null || format.getAsInt() != FORMAT) {
        throw new IllegalArgumentException(
            "a result of 'bench' in format " + FORMAT + " is needed, found format " + format);
      }
      return GSON.fromJson(json, BenchmarkResult.class);
    } catch (IllegalArgumentException e) {
      throw e;
    } catch (RuntimeException e) {
      // What Gson throws depends on where the text is wrong.
      throw new IllegalArgumentException("no result of 'bench': " + e.getMessage(), e);
    }
  }

  /** Stages by their names. */
  private static final class StageName extends TypeAdapter<BenchmarkStage> {

    @Override
    public void write(JsonWriter json, BenchmarkStage stage) throws IOException {
      json.value(stage.id());
    }

    @Override
    public BenchmarkStage read(JsonReader json) throws IOException {
      return BenchmarkStage.of(json.nextString());
    }
  }
}
