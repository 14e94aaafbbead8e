package dev.showo2.model.internal;

import static dev.showo2.testing.Messages.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import dev.showo2.error.InvalidModelException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class JsonFieldsTest {

  private final JsonFields fields =
      JsonFields.parse(
          """
          {"text": "x", "yes": true, "int": 7, "big": 9223372036854775807, "half": 0.5,
           "none": null, "object": {"inner": 1}, "objects": [{"inner": 2}, 3], "texts": ["a", 1],
           "bools": [true, "no"], "ints": [1, 2.5], "floats": [1, 1e39], "exact": 1.0,
           "huge": 1e400, "tiny": 1e-999999999, "long": "%s"}
          """
              .formatted("y".repeat(200)),
          "file");

  @Test
  void readsFieldsOfEachType() {
    assertEquals("x", fields.string("text"));
    assertTrue(fields.bool("yes"));
    assertEquals(7, fields.integer("int", 7, 7));
    assertEquals(1, fields.integer("exact", 0, 1));
    assertEquals(Long.MAX_VALUE, fields.longInteger("big", 0, Long.MAX_VALUE));
    assertEquals(0.5, fields.number("half"));
    assertEquals(0.5, fields.positiveNumber("half"));
    assertEquals(0.5f, fields.floatNumber("half"));
    assertEquals(1, fields.object("object").integer("inner", 0, 9));
    assertEquals(Set.of("inner"), fields.object("object").names());
    assertEquals(Optional.of("x"), fields.optionalString("text"));
    assertEquals(Optional.empty(), fields.optionalString("none"));
    assertEquals(Optional.empty(), fields.optionalString("absent"));
    assertFalse(fields.has("none"));
    assertEquals("7", fields.text("int"));
    JsonFields lists = JsonFields.parse("{\"i\":[1],\"f\":[2],\"b\":[true],\"s\":[\"t\"]}", "f");
    assertArrayEquals(new long[] {1}, lists.longs("i"));
    assertArrayEquals(new float[] {2}, lists.floats("f"));
    assertArrayEquals(new boolean[] {true}, lists.booleans("b"));
    assertEquals(List.of("t"), lists.strings("s"));
  }

  @Test
  void namesTheMissingField() {
    assertRefused(() -> fields.string("absent"), "file: 'absent' is missing");
    assertRefused(() -> fields.wrong("absent", "x"), "file: 'absent' is missing");
  }

  @Test
  void namesExpectedAndFoundValues() {
    assertRefused(() -> fields.string("int"), "file: 'int' should be a string, found 7");
    assertRefused(() -> fields.string("none"), "file: 'none' should be a string, found null");
    assertRefused(() -> fields.bool("text"), "file: 'text' should be true or false, found \"x\"");
    assertRefused(() -> fields.number("text"), "'text' should be a finite number, found \"x\"");
    assertRefused(() -> fields.number("huge"), "'huge' should be a finite number, found 1E+400");
    assertRefused(() -> fields.positiveNumber("tiny"), "'tiny' should be a number above 0");
    assertRefused(() -> fields.floatNumber("huge"), "'huge' should be a number that a 32-bit");
    assertRefused(() -> fields.object("text"), "'text' should be an object, found \"x\"");
    assertRefused(() -> fields.array("text"), "'text' should be an array, found \"x\"");
  }

  @Test
  void integersAreExactAndInRange() {
    assertRefused(
        () -> fields.integer("int", 0, 6), "'int' should be an integer from 0 to 6, found 7");
    for (String name : List.of("half", "big", "huge", "tiny", "text")) {
      assertRefused(
          () -> fields.integer(name, 0, 9), "'" + name + "' should be an integer from 0 to 9");
    }
  }

  @Test
  void saysWhichEntryOfAnArrayIsWrong() {
    assertRefused(() -> fields.longs("ints"), "file: 'ints[1]' should be an integer, found 2.5");
    assertRefused(() -> fields.floats("floats"), "'floats[1]' should be a number that a 32-bit");
    assertRefused(() -> fields.strings("texts"), "'texts[1]' should be a string, found 1");
    assertRefused(() -> fields.booleans("bools"), "'bools[1]' should be true or false, found \"no");
    assertRefused(
        () -> fields.objects("objects"), "file: objects[1]: an object was expected, found 3");
  }

  @Test
  void namesThePathToNestedFields() {
    assertRefused(() -> fields.object("object").string("inner"), "file: object: 'inner' should be");
  }

  @Test
  void shortensLongValues() {
    assertRefused(() -> fields.bool("long"), "found \"" + "y".repeat(76) + "...");
    assertRefused(() -> JsonFields.of(JsonParser.parseString("[]"), "file"), "file: an object was");
  }

  private static void assertRefused(Executable call, String message) {
    assertFails(InvalidModelException.class, call, message);
  }
}
