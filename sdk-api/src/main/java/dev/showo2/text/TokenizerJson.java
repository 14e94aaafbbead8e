package dev.showo2.text;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import dev.showo2.error.InvalidModelException;
import dev.showo2.error.internal.Interruptions;
import dev.showo2.model.internal.JsonFields;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * A {@code tokenizer.json} with the tokens that Show-o2 adds to those of the language model (SPEC
 * 8).
 *
 * @param text the extended JSON
 * @param addedTokens ids of all tokens that are found whole in a text, by their content
 * @param vocabularySize one more than the highest id
 */
record TokenizerJson(String text, Map<String, Integer> addedTokens, int vocabularySize) {

  private static final long MAX_BYTES = 64L << 20;

  static TokenizerJson read(Path file) {
    return new Extension(readText(file), file.toString()).extend();
  }

  /** The JSON of a tokenizer that finds no added tokens in a text. */
  String textWithoutAddedTokens() {
    // Written last; within a string of JSON the quote would be escaped.
    String name = "\"added_tokens\":";
    return text.substring(0, text.lastIndexOf(name)) + name + "[]}";
  }

  private static String readText(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new InvalidModelException("no tokenizer at " + file);
    }
    try {
      long size = Files.size(file);
      if (size > MAX_BYTES) {
        throw new InvalidModelException(
            file
                + " has "
                + size
                + " bytes; a tokenizer.json of at most "
                + MAX_BYTES
                + " is read");
      }
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw new InvalidModelException(file + ": not valid UTF-8", e);
    } catch (IOException e) {
      throw Interruptions.cancelledOr(
          e, () -> new InvalidModelException("cannot read " + file + ": " + e, e));
    }
  }

  /**
   * Copies a {@code tokenizer.json} and appends Show-o2's own tokens. The copy is streamed: as a
   * tree the 300,000 entries of a real vocabulary take longer than all else in loading a tokenizer.
   */
  private static final class Extension {

    private static final int MAX_ID = 1 << 24;

    private final String file;
    private final JsonReader reader;
    private final StringWriter text = new StringWriter();
    private final JsonWriter writer = new JsonWriter(text);
    private final Map<String, Integer> added = new HashMap<>();
    // Those of Show-o2's own tokens that the vocabulary has, but not as added tokens.
    private final Map<String, Integer> plain = new HashMap<>();
    private JsonArray list = new JsonArray();
    private int size;
    private boolean hasVocabulary;

    Extension(String json, String file) {
      this.file = file;
      this.reader = new JsonReader(new StringReader(json));
      reader.setStrictness(Strictness.STRICT);
    }

    TokenizerJson extend() {
      try {
        copyRoot();
        return new TokenizerJson(text.toString(), Map.copyOf(added), size);
      } catch (IOException
          | JsonParseException
          | IllegalStateException
          | IllegalArgumentException e) {
        // All of them name the line, the column and the path within the JSON; what Gson adds for
        // programmers stands on lines of its own.
        String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        throw new InvalidModelException(
            file
                + ": not a tokenizer: "
                + reason.replaceFirst("^Use JsonReader\\S* to accept ", ""),
            e);
      }
    }

    private void copyRoot() throws IOException {
      reader.beginObject();
      writer.beginObject();
      while (reader.hasNext()) {
        String name = reader.nextName();
        switch (name) {
          case "added_tokens" -> readAddedTokens();
          case "model" -> copyModel(writer.name(name));
          default -> copyValue(writer.name(name));
        }
      }
      reader.endObject();
      if (reader.peek() != JsonToken.END_DOCUMENT) {
        throw new IllegalStateException("text after the end at " + reader);
      }
      if (!hasVocabulary) {
        throw new IllegalStateException("it has no 'vocab' in a 'model'");
      }
      appendAdditions();
      writer.name("added_tokens").jsonValue(list.toString());
      writer.endObject();
    }

    private void readAddedTokens() {
      JsonElement value = JsonParser.parseReader(reader);
      if (value.isJsonNull()) {
        return;
      }
      list = value.getAsJsonArray();
      for (JsonElement element : list) {
        JsonFields token = JsonFields.of(element, file + ": added_tokens");
        int id = token.integer("id", 0, MAX_ID);
        added.put(token.string("content"), id);
        size = Math.max(size, 1 + id);
      }
    }

    private void copyModel(JsonWriter target) throws IOException {
      reader.beginObject();
      target.beginObject();
      while (reader.hasNext()) {
        String name = reader.nextName();
        if (name.equals("vocab")) {
          copyVocabulary(target.name(name));
        } else {
          copyValue(target.name(name));
        }
      }
      reader.endObject();
      target.endObject();
    }

    private void copyVocabulary(JsonWriter target) throws IOException {
      hasVocabulary = true;
      reader.beginObject();
      target.beginObject();
      while (reader.hasNext()) {
        String token = reader.nextName();
        int id = reader.nextInt();
        if (id < 0 || id > MAX_ID) {
          throw new InvalidModelException(
              file + ": the id of '" + token + "' should be from 0 to " + MAX_ID + ", found " + id);
        }
        target.name(token).value(id);
        size = Math.max(size, 1 + id);
        if (ShowO2SpecialTokens.ADDITIONS.stream().anyMatch(own -> own.content().equals(token))) {
          plain.put(token, id);
        }
      }
      reader.endObject();
      target.endObject();
    }

    private void copyValue(JsonWriter target) throws IOException {
      switch (reader.peek()) {
        case BEGIN_OBJECT -> {
          reader.beginObject();
          target.beginObject();
          while (reader.hasNext()) {
            copyValue(target.name(reader.nextName()));
          }
          reader.endObject();
          target.endObject();
        }
        case BEGIN_ARRAY -> {
          reader.beginArray();
          target.beginArray();
          while (reader.hasNext()) {
            copyValue(target);
          }
          reader.endArray();
          target.endArray();
        }
        case STRING -> target.value(reader.nextString());
        case NUMBER -> target.jsonValue(reader.nextString());
        case BOOLEAN -> target.value(reader.nextBoolean());
        default -> {
          reader.nextNull();
          target.nullValue();
        }
      }
    }

    private void appendAdditions() {
      for (ShowO2SpecialTokens.Addition addition : ShowO2SpecialTokens.ADDITIONS) {
        String content = addition.content();
        if (!added.containsKey(content)) {
          int id = plain.getOrDefault(content, size);
          list.add(entry(id, addition));
          added.put(content, id);
          size = Math.max(size, 1 + id);
        }
      }
    }

    private static JsonElement entry(int id, ShowO2SpecialTokens.Addition addition) {
      JsonObject entry = new JsonObject();
      entry.addProperty("id", id);
      entry.addProperty("content", addition.content());
      entry.addProperty("single_word", false);
      entry.addProperty("lstrip", false);
      entry.addProperty("rstrip", false);
      entry.addProperty("normalized", !addition.special());
      entry.addProperty("special", addition.special());
      return entry;
    }
  }
}
