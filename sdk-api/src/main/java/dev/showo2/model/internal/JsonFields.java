package dev.showo2.model.internal;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.showo2.error.InvalidModelException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apiguardian.api.API;

/**
 * Typed access to the fields of a JSON object of a model file. Every error names the file, the path
 * to the field, and the expected and found values; it is an {@link InvalidModelException}, as
 * everything that these methods throw. Not thread-safe.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class JsonFields {

  private final JsonObject object;
  private final String where;

  private JsonFields(JsonObject object, String where) {
    this.object = object;
    this.where = where;
  }

  /**
   * @param where what is read, the start of every message
   */
  public static JsonFields of(JsonElement element, String where) {
    if (!element.isJsonObject()) {
      throw new InvalidModelException(where + ": an object was expected, found " + brief(element));
    }
    return new JsonFields(element.getAsJsonObject(), where);
  }

  /**
   * @throws InvalidModelException as {@link StrictJson#parseObject}
   */
  public static JsonFields parse(String json, String where) {
    return new JsonFields(StrictJson.parseObject(json, where), where);
  }

  /** {@return the names of all fields, in the order in which they are stored} */
  public Set<String> names() {
    return object.keySet();
  }

  /**
   * Tests for a field.
   *
   * @param name of the field
   * @return whether the field exists and is not null
   */
  public boolean has(String name) {
    return object.has(name) && !object.get(name).isJsonNull();
  }

  public String string(String name) {
    JsonElement value = required(name);
    if (!(value instanceof JsonPrimitive primitive) || !primitive.isString()) {
      throw wrong(name, "a string", value);
    }
    return primitive.getAsString();
  }

  public Optional<String> optionalString(String name) {
    return has(name) ? Optional.of(string(name)) : Optional.empty();
  }

  public boolean bool(String name) {
    JsonElement value = required(name);
    if (!(value instanceof JsonPrimitive primitive) || !primitive.isBoolean()) {
      throw wrong(name, "true or false", value);
    }
    return primitive.getAsBoolean();
  }

  /** An integer from {@code min} to {@code max}. */
  public int integer(String name, int min, int max) {
    return (int) integerOf(required(name), name, min, max);
  }

  /** An integer from {@code min} to {@code max}. */
  public long longInteger(String name, long min, long max) {
    return integerOf(required(name), name, min, max);
  }

  /** A finite number. */
  public double number(String name) {
    JsonElement value = required(name);
    double number = isNumber(value) ? value.getAsDouble() : Double.NaN;
    if (!Double.isFinite(number)) {
      throw wrong(name, "a finite number", value);
    }
    return number;
  }

  /** A finite number above 0. */
  public double positiveNumber(String name) {
    double number = number(name);
    if (!(number > 0)) {
      throw wrong(name, "a number above 0");
    }
    return number;
  }

  /** A number that a 32-bit float holds, rounded once. */
  public float floatNumber(String name) {
    return floatOf(required(name), name);
  }

  public long[] longs(String name) {
    List<JsonElement> items = array(name);
    long[] values = new long[items.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = integerOf(items.get(i), name + "[" + i + "]", Long.MIN_VALUE, Long.MAX_VALUE);
    }
    return values;
  }

  public float[] floats(String name) {
    List<JsonElement> items = array(name);
    float[] values = new float[items.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = floatOf(items.get(i), name + "[" + i + "]");
    }
    return values;
  }

  public List<String> strings(String name) {
    List<JsonElement> items = array(name);
    List<String> values = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      if (!(items.get(i) instanceof JsonPrimitive primitive) || !primitive.isString()) {
        throw wrong(name + "[" + i + "]", "a string", items.get(i));
      }
      values.add(primitive.getAsString());
    }
    return values;
  }

  public boolean[] booleans(String name) {
    List<JsonElement> items = array(name);
    boolean[] values = new boolean[items.size()];
    for (int i = 0; i < values.length; i++) {
      if (!(items.get(i) instanceof JsonPrimitive primitive) || !primitive.isBoolean()) {
        throw wrong(name + "[" + i + "]", "true or false", items.get(i));
      }
      values[i] = primitive.getAsBoolean();
    }
    return values;
  }

  public JsonFields object(String name) {
    JsonElement value = required(name);
    if (!value.isJsonObject()) {
      throw wrong(name, "an object", value);
    }
    return new JsonFields(value.getAsJsonObject(), where + ": " + name);
  }

  public List<JsonFields> objects(String name) {
    List<JsonElement> items = array(name);
    List<JsonFields> objects = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      objects.add(of(items.get(i), where + ": " + name + "[" + i + "]"));
    }
    return objects;
  }

  public List<JsonElement> array(String name) {
    JsonElement value = required(name);
    if (!(value instanceof JsonArray array)) {
      throw wrong(name, "an array", value);
    }
    return array.asList();
  }

  /**
   * Formats a field for messages.
   *
   * @param name of the field
   * @return its JSON, shortened
   */
  public String text(String name) {
    return brief(required(name));
  }

  /**
   * Reports a value that is well-formed but not valid.
   *
   * @param name of the field
   * @param expected description of valid values
   * @return the exception to throw
   */
  public InvalidModelException wrong(String name, String expected) {
    return wrong(name, expected, required(name));
  }

  private JsonElement required(String name) {
    JsonElement value = object.get(name);
    if (value == null) {
      throw new InvalidModelException(where + ": '" + name + "' is missing");
    }
    return value;
  }

  private float floatOf(JsonElement value, String name) {
    float number = isNumber(value) ? value.getAsFloat() : Float.NaN;
    if (!Float.isFinite(number)) {
      throw wrong(name, "a number that a 32-bit float holds", value);
    }
    return number;
  }

  private long integerOf(JsonElement value, String name, long min, long max) {
    try {
      if (isNumber(value)) {
        BigDecimal number = value.getAsBigDecimal();
        // A huge exponent would make the exact conversion below expand it digit by digit.
        if (number.scale() > -20) {
          long exact = number.longValueExact();
          if (exact >= min && exact <= max) {
            return exact;
          }
        }
      }
    } catch (ArithmeticException e) {
      // Not an integer, or larger than a long: the message below says so.
    }
    throw wrong(
        name,
        min == Long.MIN_VALUE ? "an integer" : "an integer from " + min + " to " + max,
        value);
  }

  private static boolean isNumber(JsonElement value) {
    return value instanceof JsonPrimitive primitive && primitive.isNumber();
  }

  private InvalidModelException wrong(String name, String expected, JsonElement found) {
    return new InvalidModelException(
        where + ": '" + name + "' should be " + expected + ", found " + brief(found));
  }

  private static String brief(JsonElement element) {
    String text = element.toString();
    return text.length() <= 80 ? text : text.substring(0, 77) + "...";
  }
}
