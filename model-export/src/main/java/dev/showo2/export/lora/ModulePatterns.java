package dev.showo2.export.lora;

import dev.showo2.error.InvalidModelException;
import dev.showo2.model.JsonFields;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleBiFunction;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Numbers for the modules whose path ends in what a regular expression says; the first that matches
 * counts. The expressions are untrusted: all matching together has a limited number of steps.
 */
final class ModulePatterns {

  private static final int MAX_PATTERN = 256;
  private static final int MAX_PATH = 512;

  /** Five hundred modules with a pattern for each need about half of them. */
  private static final long MAX_STEPS = 1L << 25;

  private final String where;
  private final Map<Pattern, Double> values = new LinkedHashMap<>();
  private final Map<String, OptionalDouble> known = new HashMap<>();
  private long steps;

  private ModulePatterns(String where) {
    this.where = where;
  }

  /**
   * @param field an object of numbers by pattern; may be absent
   */
  static ModulePatterns read(
      JsonFields json, String field, ToDoubleBiFunction<JsonFields, String> number) {
    ModulePatterns patterns = new ModulePatterns(field);
    if (json.has(field)) {
      JsonFields entries = json.object(field);
      for (String entry : entries.names()) {
        patterns.values.put(compile(entries, entry), number.applyAsDouble(entries, entry));
      }
    }
    return patterns;
  }

  private static Pattern compile(JsonFields entries, String entry) {
    try {
      if (entry.length() <= MAX_PATTERN) {
        return Pattern.compile("(.*\\.)?(" + entry + ")$");
      }
    } catch (PatternSyntaxException e) {
      // The message below says so.
    }
    throw entries.wrong(
        entry, "under a regular expression of at most " + MAX_PATTERN + " characters");
  }

  OptionalDouble valueFor(String module) {
    if (!values.isEmpty() && module.length() > MAX_PATH) {
      throw new InvalidModelException(
          "the adapter names a module of " + module.length() + " characters; no path is so long");
    }
    return known.computeIfAbsent(module, this::match);
  }

  private OptionalDouble match(String module) {
    for (Map.Entry<Pattern, Double> entry : values.entrySet()) {
      if (entry.getKey().matcher(new Counted(module)).lookingAt()) {
        return OptionalDouble.of(entry.getValue());
      }
    }
    return OptionalDouble.empty();
  }

  /** Text that counts how often the matcher looks at it. */
  private final class Counted implements CharSequence {

    private final String text;

    Counted(String text) {
      this.text = text;
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      if (++steps > MAX_STEPS) {
        throw new InvalidModelException(
            "the patterns of '"
                + where
                + "' take too long to match; write the paths of the modules instead");
      }
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.subSequence(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
