package dev.showo2.train.data;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Examples of the JSON files of the official scripts. */
final class JsonExamples implements ExampleSource {

  private static final String IMAGE_ENDING = ".jpg";

  private final DataFormat format;
  private final JsonEntries entries;
  private final Path folder;
  private final Optional<Path> root;

  private JsonExamples(DataFormat format, JsonEntries entries, Path folder, Optional<Path> root) {
    this.format = format;
    this.entries = entries;
    this.folder = folder;
    this.root = root;
  }

  static JsonExamples open(DataFormat format, Path file, Optional<Path> root) {
    Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of(""));
    return new JsonExamples(format, JsonEntries.open(file), folder, root);
  }

  @Override
  public long size() {
    return entries.size();
  }

  @Override
  public String origin(long index) {
    return entries.origin(index);
  }

  @Override
  public String fingerprint() {
    return format.id() + ":" + entries.fingerprint();
  }

  @Override
  public Example read(long index) {
    JsonObject entry = entries.read(index);
    return switch (format) {
      case CONVERSATIONS -> dialog(entry);
      case STORIES -> story(entry);
      case VIDEO_CAPTIONS ->
          new Example.Captioned(
              string(entry, "prompt", "caption"), media(string(entry, "path", "video"), ""));
      default -> new Example.Captioned(string(entry, "prompt"), media(string(entry, "path"), ""));
    };
  }

  private Example dialog(JsonObject entry) {
    List<Example.Turn> turns = new ArrayList<>();
    for (JsonElement element : array(entry, "conversations")) {
      if (!element.isJsonObject()) {
        throw malformed("expected turns of 'from' and 'value'");
      }
      JsonObject turn = element.getAsJsonObject();
      turns.add(new Example.Turn(isQuestion(string(turn, "from")), string(turn, "value")));
    }
    return new Example.Dialog(turns, visual(entry));
  }

  private Optional<ExampleMedia> visual(JsonObject entry) {
    for (String name : List.of("image", "video")) {
      JsonElement value = entry.get(name);
      if (value != null && value.isJsonArray() && value.getAsJsonArray().size() != 1) {
        throw new BadExampleException(
            ExampleProblem.IMAGE_MISMATCH,
            "expected one " + name + ", found " + value.getAsJsonArray().size());
      }
      if (value != null && !value.isJsonNull()) {
        String path =
            value.isJsonArray() ? text(value.getAsJsonArray().get(0), name) : string(entry, name);
        return Optional.of(media(path, ""));
      }
    }
    return Optional.empty();
  }

  private static boolean isQuestion(String role) {
    return switch (role.toLowerCase(Locale.ROOT)) {
      case "human", "user" -> true;
      case "gpt", "assistant" -> false;
      default ->
          throw new BadExampleException(
              ExampleProblem.UNKNOWN_ROLE,
              "expected turns from human or gpt, found one from '" + role + "'");
    };
  }

  private Example story(JsonObject entry) {
    List<ExampleMedia> images = new ArrayList<>();
    List<String> captions = new ArrayList<>();
    for (JsonElement image : array(entry, "images")) {
      images.add(media(text(image, "images"), IMAGE_ENDING));
    }
    for (JsonElement caption : array(entry, "captions")) {
      captions.add(text(caption, "captions"));
    }
    return new Example.Illustrated(captions, images);
  }

  /**
   * Finds a file: under the root if there is one, else beside the JSON, else where the program
   * runs.
   *
   * @param ending that is added if there is no such file, as in stories
   */
  private ExampleMedia media(String name, String ending) {
    try {
      Path named = found(Path.of(name));
      return ExampleMedia.of(
          ending.isEmpty() || name.endsWith(ending) || Files.isRegularFile(named)
              ? named
              : found(Path.of(name + ending)));
    } catch (InvalidPathException e) {
      throw malformed("expected a path, found '" + name + "'");
    }
  }

  private Path found(Path name) {
    if (root.isPresent()) {
      return root.get().resolve(name);
    }
    Path beside = folder.resolve(name);
    return !Files.exists(beside) && Files.exists(name) ? name : beside;
  }

  private static JsonArray array(JsonObject entry, String name) {
    JsonElement value = entry.get(name);
    if (value == null || !value.isJsonArray()) {
      throw malformed("expected a list '" + name + "'" + instead(value));
    }
    return value.getAsJsonArray();
  }

  private static String string(JsonObject entry, String... names) {
    for (String name : names) {
      if (entry.has(name)) {
        return text(entry.get(name), name);
      }
    }
    throw malformed("expected a string '" + String.join("' or '", names) + "', found none");
  }

  private static String text(JsonElement value, String name) {
    if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isString()) {
      throw malformed("expected a string as '" + name + "'" + instead(value));
    }
    return value.getAsString();
  }

  private static String instead(JsonElement value) {
    if (value == null) {
      return ", found none";
    }
    String text = value.toString();
    return ", found " + (text.length() > 40 ? text.substring(0, 40) + "…" : text);
  }

  private static BadExampleException malformed(String message) {
    return new BadExampleException(ExampleProblem.MALFORMED, message);
  }

  @Override
  public void close() {
    entries.close();
  }
}
