package dev.showo2.model.internal;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import dev.showo2.error.InvalidModelException;
import dev.showo2.error.internal.Interruptions;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.apiguardian.api.API;

/**
 * Parses JSON of model files strictly: RFC 8259, no duplicate keys, no deep nesting. Stateless and
 * thread-safe.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class StrictJson {

  private static final int MAX_DEPTH = 64;

  private StrictJson() {}

  /**
   * @param origin what is read, for the message
   * @throws InvalidModelException if the bytes are not UTF-8, or the text is not exactly one JSON
   *     object
   */
  public static JsonObject parseObject(ByteBuffer utf8, String origin) {
    try {
      return parseObject(StandardCharsets.UTF_8.newDecoder().decode(utf8).toString(), origin);
    } catch (CharacterCodingException e) {
      throw new InvalidModelException(origin + ": not valid UTF-8", e);
    }
  }

  /**
   * @param origin what is read, for the message
   * @throws InvalidModelException if the text is not exactly one JSON object
   */
  public static JsonObject parseObject(String json, String origin) {
    JsonReader reader = new JsonReader(new StringReader(json));
    reader.setStrictness(Strictness.STRICT);
    try {
      JsonElement element = read(reader, origin, 0);
      requireEnd(reader, origin);
      if (!element.isJsonObject()) {
        throw new InvalidModelException(origin + ": a JSON object was expected");
      }
      return element.getAsJsonObject();
    } catch (MalformedJsonException | EOFException | IllegalStateException e) {
      throw new InvalidModelException(origin + ": not valid JSON: " + plain(e.getMessage()), e);
    } catch (IOException e) {
      throw Interruptions.cancelledOr(
          e, () -> new InvalidModelException(origin + ": cannot be read: " + e.getMessage(), e));
    }
  }

  private static void requireEnd(JsonReader reader, String origin) throws IOException {
    boolean ended;
    try {
      ended = reader.peek() == JsonToken.END_DOCUMENT;
    } catch (MalformedJsonException e) {
      ended = false;
    }
    if (!ended) {
      throw new InvalidModelException(origin + ": text after the end of the JSON");
    }
  }

  /** Gson's message without its advice, which addresses programmers. */
  private static String plain(String message) {
    return message
        .lines()
        .findFirst()
        .orElse("")
        .replaceFirst(
            "Use JsonReader\\.setStrictness\\(.*\\) to accept malformed JSON", "malformed");
  }

  private static JsonElement read(JsonReader reader, String origin, int depth) throws IOException {
    if (depth > MAX_DEPTH) {
      throw new InvalidModelException(origin + ": JSON nested deeper than " + MAX_DEPTH);
    }
    return switch (reader.peek()) {
      case BEGIN_OBJECT -> readObject(reader, origin, depth);
      case BEGIN_ARRAY -> readArray(reader, origin, depth);
      case STRING -> new JsonPrimitive(reader.nextString());
      case NUMBER -> new JsonPrimitive(number(reader, origin));
      case BOOLEAN -> new JsonPrimitive(reader.nextBoolean());
      default -> {
        reader.nextNull();
        yield JsonNull.INSTANCE;
      }
    };
  }

  private static BigDecimal number(JsonReader reader, String origin) throws IOException {
    String text = reader.nextString();
    try {
      return new BigDecimal(text);
    } catch (NumberFormatException e) {
      // Well-formed, but with an exponent of more digits than an int has.
      throw new InvalidModelException(
          origin + ": no sensible number at " + reader.getPreviousPath() + ": " + text, e);
    }
  }

  private static JsonObject readObject(JsonReader reader, String origin, int depth)
      throws IOException {
    JsonObject object = new JsonObject();
    reader.beginObject();
    while (reader.hasNext()) {
      String name = reader.nextName();
      if (object.has(name)) {
        throw new InvalidModelException(origin + ": '" + name + "' occurs twice");
      }
      object.add(name, read(reader, origin, depth + 1));
    }
    reader.endObject();
    return object;
  }

  private static JsonArray readArray(JsonReader reader, String origin, int depth)
      throws IOException {
    JsonArray array = new JsonArray();
    reader.beginArray();
    while (reader.hasNext()) {
      array.add(read(reader, origin, depth + 1));
    }
    reader.endArray();
    return array;
  }
}
