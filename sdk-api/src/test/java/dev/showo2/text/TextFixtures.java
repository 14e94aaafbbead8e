package dev.showo2.text;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The files under text/ among the test resources; one that is missing fails the test. */
public final class TextFixtures {

  private TextFixtures() {}

  public static Path path(String name) {
    return file("/text/" + name);
  }

  private static Path file(String resource) {
    URL url = TextFixtures.class.getResource(resource);
    if (url == null) {
      throw new AssertionError("the fixture " + resource + " is missing");
    }
    try {
      return Path.of(url.toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  public static JsonElement json(String name) {
    return json(path(name));
  }

  static JsonElement json(Path file) {
    try {
      return JsonParser.parseString(Files.readString(file));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** The tiny tokenizer, extended already. */
  static Path tokenizerFile() {
    return file("/dev/showo2/testing/tokenizer.json");
  }

  public static TextTokenizer tokenizer() {
    return TextTokenizer.load(tokenizerFile());
  }

  /** Ids that the released code gave for questions, and what it decoded from answers. */
  public static List<JsonObject> understanding() {
    return objects("understanding.json");
  }

  public static List<JsonObject> tokenizerCases() {
    return objects("tokenizer_cases.json");
  }

  static List<JsonObject> objects(String name) {
    return json(name).getAsJsonArray().asList().stream().map(JsonElement::getAsJsonObject).toList();
  }

  public static int[] ints(JsonElement array) {
    JsonArray values = array.getAsJsonArray();
    return values.asList().stream().mapToInt(JsonElement::getAsInt).toArray();
  }
}
