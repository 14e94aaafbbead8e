package dev.showo2.model;

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

/** Reads {@code showo2.json}; nothing in it is trusted. */
final class ManifestReader {

  /**
   * Plain names only: no separators and no leading dot, so no file name leaves the directory; no
   * dot at the end, which Windows drops, so that two names do not stand for one file.
   */
  private static final Pattern FILE_NAME =
      Pattern.compile("[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,126}[A-Za-z0-9_-])?");

  private static final List<String> PARTS =
      List.of(GraphFile.MAIN, GraphFile.FIRST, GraphFile.NEXT);

  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  private ManifestReader() {}

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
        precision(json.object("precision")),
        architecture,
        tokens(json.object("special_tokens"), architecture.backbone().vocabularySize()),
        defaults(json.object("defaults")),
        files(json.objects("files")),
        graphs(json.objects("graphs")));
  }

  private static StagePrecisions precision(JsonFields json) {
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

  private static SpecialTokens tokens(JsonFields json, int vocabularySize) {
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

  private static GenerationDefaults defaults(JsonFields json) {
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

  private static List<BundleFile> files(List<JsonFields> items) {
    List<BundleFile> files = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (JsonFields item : items) {
      String name = fileName(item, "name");
      // File systems that ignore case would let one of two such files stand for both.
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

  private static List<GraphFile> graphs(List<JsonFields> items) {
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
}
