package dev.showo2.model;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.showo2.model.internal.JsonFields;
import dev.showo2.stage.Stage;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads and writes {@code showo2.json}. Nothing that is read is trusted. */
final class ManifestJson {

  /**
   * Plain names only: no separators and no leading dot, so no file name leaves the directory; no
   * dot at the end, which Windows drops, so that two names cannot mean one file.
   */
  private static final Pattern FILE_NAME =
      Pattern.compile("[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,126}[A-Za-z0-9_-])?");

  private static final List<String> PARTS =
      List.of(GraphFile.MAIN, GraphFile.FIRST, GraphFile.NEXT);

  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  private ManifestJson() {}

  static BundleManifest read(JsonFields json) {
    int version = json.integer("format_version", 0, Integer.MAX_VALUE);
    if (version != BundleManifest.FORMAT_VERSION) {
      throw json.wrong(
          "format_version",
          BundleManifest.FORMAT_VERSION
              + ", the version this SDK reads (export the checkpoint again, or use the SDK that"
              + " wrote the bundle)");
    }
    Architecture architecture = ArchitectureJson.read(json.object("architecture"));
    return new BundleManifest(
        json.string("name"),
        readPrecision(json.object("precision")),
        architecture,
        readTokens(json.object("special_tokens"), architecture.backbone().vocabularySize()),
        readDefaults(json.object("defaults")),
        readFiles(json.objects("files")),
        readGraphs(json.objects("graphs")));
  }

  private static StagePrecisions readPrecision(JsonFields json) {
    Map<Stage, Precision> byStage = new EnumMap<>(Stage.class);
    for (Stage stage : Stage.values()) {
      try {
        byStage.put(stage, Precision.of(json.string(stage.id())));
      } catch (IllegalArgumentException e) {
        throw json.wrong(stage.id(), "one of " + Precision.ids());
      }
    }
    return new StagePrecisions(byStage);
  }

  private static SpecialTokens readTokens(JsonFields json, int vocabularySize) {
    int last = vocabularySize - 1;
    return new SpecialTokens(
        json.integer("bos", 0, last),
        json.integer("eos", 0, last),
        json.integer("boi", 0, last),
        json.integer("eoi", 0, last),
        json.integer("bov", 0, last),
        json.integer("eov", 0, last),
        json.integer("image_pad", 0, last),
        json.integer("video_pad", 0, last),
        json.integer("pad", 0, last));
  }

  private static GenerationDefaults readDefaults(JsonFields json) {
    return new GenerationDefaults(
        json.integer("steps", 2, 10_000),
        guidanceScale(json),
        timeShift(json),
        json.string("solver"),
        json.integer("video_latent_frames", 1, 10_000),
        json.integer("max_prompt_tokens", 1, 1_000_000));
  }

  private static float guidanceScale(JsonFields json) {
    float scale = json.floatNumber("guidance_scale");
    if (scale < 0) {
      throw json.wrong("guidance_scale", "a number of at least 0");
    }
    return scale;
  }

  private static float timeShift(JsonFields json) {
    float shift = json.floatNumber("time_shift");
    if (!(shift > 0)) {
      throw json.wrong("time_shift", "a number above 0");
    }
    return shift;
  }

  private static List<BundleFile> readFiles(List<JsonFields> items) {
    List<BundleFile> files = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (JsonFields item : items) {
      String name = fileName(item, "name");
      // On file systems that ignore case two such names mean one file.
      if (!names.add(name.toLowerCase(Locale.ROOT))) {
        throw item.wrong("name", "a name that no other file has");
      }
      String sha256 = item.string("sha256");
      if (!SHA256.matcher(sha256).matches()) {
        throw item.wrong("sha256", "64 lower-case hexadecimal digits");
      }
      files.add(new BundleFile(name, item.longInteger("size", 0, Long.MAX_VALUE), sha256));
    }
    return files;
  }

  private static List<GraphFile> readGraphs(List<JsonFields> items) {
    List<GraphFile> graphs = new ArrayList<>();
    Set<String> chosenBy = new HashSet<>();
    for (JsonFields item : items) {
      Stage stage = stage(item);
      String part = item.optionalString("part").orElse(GraphFile.MAIN);
      String dialect = item.string("dialect");
      if (!PARTS.contains(part)) {
        throw item.wrong("part", "one of " + PARTS);
      }
      if (!chosenBy.add(stage.id() + " " + part + " " + dialect)) {
        throw item.wrong("stage", "of another dialect or part than the graphs before it");
      }
      graphs.add(new GraphFile(stage, part, dialect, fileName(item, "file")));
    }
    return graphs;
  }

  private static Stage stage(JsonFields item) {
    String id = item.string("stage");
    for (Stage stage : Stage.values()) {
      if (stage.id().equals(id)) {
        return stage;
      }
    }
    throw item.wrong("stage", "the id of a stage, such as " + Stage.BACKBONE.id());
  }

  private static String fileName(JsonFields item, String field) {
    String name = item.string(field);
    if (!FILE_NAME.matcher(name).matches() || name.equalsIgnoreCase(BundleManifest.FILE_NAME)) {
      throw item.wrong(
          field,
          "a plain file name within the bundle (letters, digits, '.', '_', '-'), other than "
              + BundleManifest.FILE_NAME);
    }
    return name;
  }

  static String write(BundleManifest manifest) {
    JsonObject json = new JsonObject();
    json.addProperty("format_version", BundleManifest.FORMAT_VERSION);
    json.addProperty("name", manifest.name());
    json.add("precision", writePrecision(manifest.precision()));
    json.add("architecture", ArchitectureJson.write(manifest.architecture()));
    json.add("special_tokens", writeTokens(manifest.specialTokens()));
    json.add("defaults", writeDefaults(manifest.defaults()));
    json.add("files", writeFiles(manifest));
    json.add("graphs", writeGraphs(manifest));
    return new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(json) + "\n";
  }

  private static JsonObject writePrecision(StagePrecisions precisions) {
    JsonObject json = new JsonObject();
    precisions
        .byStage()
        .forEach((stage, precision) -> json.addProperty(stage.id(), precision.id()));
    return json;
  }

  private static JsonObject writeTokens(SpecialTokens tokens) {
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

  private static JsonObject writeDefaults(GenerationDefaults defaults) {
    JsonObject json = new JsonObject();
    json.addProperty("steps", defaults.steps());
    json.addProperty("guidance_scale", defaults.guidanceScale());
    json.addProperty("time_shift", defaults.timeShift());
    json.addProperty("solver", defaults.solver());
    json.addProperty("video_latent_frames", defaults.videoLatentFrames());
    json.addProperty("max_prompt_tokens", defaults.maxPromptTokens());
    return json;
  }

  private static JsonArray writeFiles(BundleManifest manifest) {
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

  private static JsonArray writeGraphs(BundleManifest manifest) {
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
