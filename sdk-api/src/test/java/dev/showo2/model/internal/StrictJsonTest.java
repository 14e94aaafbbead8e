package dev.showo2.model.internal;

import static dev.showo2.testing.Messages.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.showo2.error.InvalidModelException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StrictJsonTest {

  @Test
  void readsJson() {
    String json = " {\"a\": [1, -2.5e3, true, null, \"\\u00e4\"], \"b\": {}}\n";
    assertEquals(
        "{\"a\":[1,-2.5E+3,true,null,\"ä\"],\"b\":{}}",
        StrictJson.parseObject(json, "test").toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} {}|test: text after the end of the JSON",
        "{} x|test: text after the end of the JSON",
        "{}]|test: text after the end of the JSON",
        "[]|test: a JSON object was expected",
        "3|test: a JSON object was expected",
        "null|test: a JSON object was expected",
        "``|test: not valid JSON: End of input at line 1",
        "{\"a\":|test: not valid JSON: End of input at line 1",
        "{\"a\": 1,}|test: not valid JSON: Expected name at line 1",
        "{'a': 1}|test: not valid JSON: malformed at line 1 column 3 path $.",
        "{\"a\": NaN}|test: not valid JSON: malformed at line 1",
        "{\"a\": 01}|test: not valid JSON: malformed at line 1",
        "{\"a\": 1, \"a\": 2}|test: 'a' occurs twice",
        "{\"a\": {\"b\": 1, \"b\": 2}}|test: 'b' occurs twice",
        "{\"a\": 1e99999999999}|test: no sensible number at $.a: 1e99999999999",
        "{\"a\": [1, 1e99999999999]}|test: no sensible number at $.a[1]: 1e99999999999",
      })
  void refusesInvalidJson(String json, String message) {
    assertFails(InvalidModelException.class, () -> StrictJson.parseObject(json, "test"), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{} x", "{'a': 1}", "{\"a\": TRUE}", "{\"a\": \"\\x\"}", "{\"a\"}"})
  void messagesDoNotSpeakOfTheLibrary(String json) {
    String message =
        assertThrows(InvalidModelException.class, () -> StrictJson.parseObject(json, "test"))
            .getMessage();
    assertFalse(message.contains("setStrictness") || message.contains("http"), message);
  }

  @Test
  void refusesDeepNesting() {
    String deepest = "{\"a\":".repeat(64) + "1" + "}".repeat(64);
    assertEquals(1, StrictJson.parseObject(deepest, "test").size());
    for (int depth : new int[] {65, 100_000}) {
      String bomb = "{\"a\":".repeat(depth) + "1" + "}".repeat(depth);
      String message = "test: JSON nested deeper than 64";
      assertFails(InvalidModelException.class, () -> StrictJson.parseObject(bomb, "test"), message);
      String arrays = "{\"a\":" + "[".repeat(depth) + "]".repeat(depth) + "}";
      assertFails(
          InvalidModelException.class, () -> StrictJson.parseObject(arrays, "test"), message);
    }
  }

  /** Their digits would take time that grows with the square of their number. */
  @Test
  void refusesEndlessNumbers() {
    String bomb = "{\"a\": [1, " + "7".repeat(4_000_000) + "]}";
    assertFails(
        InvalidModelException.class,
        () -> StrictJson.parseObject(bomb, "test"),
        "test: not valid JSON: malformed at line 1 column 11 path $.a[1]");
  }

  /** The path to each would be as long as the name. */
  @Test
  @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void readsManyNumbersUnderALongName() {
    String name = "n".repeat(1 << 20);
    String json = "{\"" + name + "\":[" + "1,".repeat(1 << 18) + "1]}";
    assertEquals(1 + (1 << 18), StrictJson.parseObject(json, "test").getAsJsonArray(name).size());
  }

  @Test
  void refusesBytesThatAreNotUtf8() {
    ByteBuffer bytes = ByteBuffer.wrap(new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'});
    assertFails(
        InvalidModelException.class,
        () -> StrictJson.parseObject(bytes, "test"),
        "test: not valid UTF-8");
  }
}
