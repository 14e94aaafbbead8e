package dev.showo2.export.internal.lora;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import dev.showo2.error.InvalidModelException;
import dev.showo2.model.internal.JsonFields;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModulePatternsTest {

  private static final String[] PATHS = {
    "",
    "q_proj",
    "mlp.up_proj",
    "showo.model.layers.0.self_attn.q_proj",
    "showo.model.layers.1.self_attn.k_proj",
    "showo.model.layers.12.mlp.up_proj",
    "und_trans.layers.12.mlp.fc1",
    "fusion_proj.0",
    "a+b[c]-d",
  };

  private final JsonObject entries = new JsonObject();

  /** The matcher of the platform answers for those patterns that mean the same there. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "q_proj",
        "proj",
        "showo.model.layers.0.self_attn.q_proj",
        "layers\\.\\d+\\.self_attn\\.(q|k)_proj",
        "layers.1?[0-9].*",
        ".*",
        ".*\\.mlp\\..*",
        ".*?fc1",
        "^q_proj",
        "^showo.*proj$",
        "(^|model.)layers\\.[^0]+",
        "(?:self_attn|mlp)\\.\\w+",
        "[q-]_proj|fc\\d",
        "[^.]*",
        "\\S+\\D\\W[\\d]",
        "a\\+b[\\[]c]-[b-e]",
        "[a-z_.]+\\d*[a-z._]+",
        "(a|)(q|)(_|x?)proj",
        "q$_proj",
        "\\s?\\d?0",
        "((m(l)p)\\.(up|down))_proj",
      })
  void matchesWhatARegularExpressionMatches(String pattern) {
    entries.addProperty(pattern, 7);
    ModulePatterns patterns = read();
    Pattern expected = Pattern.compile("(.*\\.)?(" + pattern + ")$");
    for (String path : PATHS) {
      assertEquals(
          expected.matcher(path).lookingAt() ? OptionalDouble.of(7) : OptionalDouble.empty(),
          patterns.valueFor(path),
          pattern + " on " + path);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(){200000000} # a repeat that is not accepted before position 3",
        "((a+)+)+ # a repeat that is not accepted before position 6",
        "^* # a repeat that is not accepted",
        "a{2} # a repeat that is not accepted",
        "a++ # a repeat that is not accepted",
        "(?i)a # a special group",
        "(?=a) # a special group",
        "(a)\\1 # an escape that is not accepted",
        "\\bq_proj # an escape that is not accepted",
        "(a # a ( without its )",
        "a) # a ) without its (",
        "a\\ # an end too early",
        "[a # an end too early",
        "[] # an empty class",
        "[b-a] # a range that is not from one character to a later one",
        "[\\d-z] # a range that is not from one character to a later one",
      })
  void refusesOtherPatterns(String line) {
    String[] parts = line.split(" # ");
    entries.addProperty(parts[0], 7);
    String message = assertThrows(InvalidModelException.class, this::read).getMessage();
    assertTrue(message.contains("'" + parts[0] + "' has " + parts[1]), message);
    assertTrue(message.startsWith("config: 'rank_pattern' should be"), message);
    assertTrue(message.contains("; accepted are literal characters, escapes such as"), message);
  }

  @Test
  void refusesLongPatterns() {
    entries.addProperty("a".repeat(257), 7);
    String message = assertThrows(InvalidModelException.class, this::read).getMessage();
    assertTrue(message.contains("of at most 256 characters, one has 257"), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"(a?|a?)", "(|)", "a?a*", "(^|^)"})
  void manyWaysToMatchAreNoMoreWork(String part) {
    entries.addProperty(part.repeat(256 / part.length() - 1) + "!", 7);
    assertEquals(OptionalDouble.empty(), read().valueFor("a".repeat(40)));
  }

  @Test
  void aPatternForEveryModuleIsFine() {
    for (int i = 0; i < 500; i++) {
      entries.addProperty("^showo\\.model\\.layers\\." + i + "\\.self_attn\\.q_proj", i);
    }
    ModulePatterns patterns = read();
    for (int i = 0; i < 500; i++) {
      assertEquals(
          OptionalDouble.of(i), patterns.valueFor("showo.model.layers." + i + ".self_attn.q_proj"));
    }
  }

  @Test
  void allMatchingTogetherIsLimited() {
    for (int i = 0; i < 600; i++) {
      entries.addProperty(".*".repeat(120) + "!" + i, 7);
    }
    ModulePatterns patterns = read();
    String message =
        assertThrows(InvalidModelException.class, () -> patterns.valueFor("a".repeat(500)))
            .getMessage();
    assertTrue(message.contains("'rank_pattern' take too long to match"), message);
  }

  private ModulePatterns read() {
    JsonObject config = new JsonObject();
    config.add("rank_pattern", entries);
    return ModulePatterns.read(
        JsonFields.parse(config.toString(), "config"), "rank_pattern", JsonFields::number);
  }
}
