package dev.showo2.samples.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.showo2.pipeline.GeneratedStory;
import dev.showo2.pipeline.StoryPart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A story as files: its text as Markdown, which shows the images beside it. */
final class StoryFolder {

  static final String TEXT = "story.md";

  /** What Markdown would take for more than text. */
  private static final String MARKUP = "\\`*_[]<>#&|~";

  private StoryFolder() {}

  /**
   * @param folder to make
   */
  static void write(String prompt, GeneratedStory story, Path folder) throws IOException {
    Files.createDirectory(folder);
    StringBuilder text = new StringBuilder("# ").append(escaped(prompt.strip())).append("\n");
    int images = 0;
    for (StoryPart part : story.parts()) {
      Interruption.check();
      if (part instanceof StoryPart.Image image) {
        String name = name(++images);
        image.image().savePng(folder.resolve(name));
        text.append("\n![image ").append(images).append("](").append(name).append(")\n");
      } else if (part instanceof StoryPart.Text written && !written.text().text().isBlank()) {
        text.append("\n").append(escaped(written.text().text().strip())).append("\n");
      }
    }
    Files.writeString(folder.resolve(TEXT), text);
  }

  private static String name(int image) {
    return "image-" + image + ".png";
  }

  /** One paragraph that reads as it is. */
  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    text.replaceAll("\\s+", " ")
        .codePoints()
        .forEach(
            c -> {
              if (MARKUP.indexOf(c) >= 0) {
                escaped.append('\\');
              }
              escaped.appendCodePoint(c);
            });
    return escaped.toString();
  }

  static JsonObject json(GeneratedStory story, Path folder) {
    JsonArray parts = new JsonArray();
    int images = 0;
    for (StoryPart part : story.parts()) {
      if (part instanceof StoryPart.Image image) {
        parts.add(Json.image(folder.resolve(name(++images)), image.image()));
      } else if (part instanceof StoryPart.Text text) {
        parts.add(Json.text(text.text()));
      }
    }
    JsonObject json = new JsonObject();
    json.addProperty("file", OutputFile.absolute(folder.resolve(TEXT)).toString());
    json.addProperty("seed", story.seed());
    json.addProperty("finish", Json.name(story.finish()));
    json.add("parts", parts);
    return json;
  }
}
