package dev.showo2.export.internal.lora;

import dev.showo2.error.InvalidModelException;
import dev.showo2.model.internal.JsonFields;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.ToDoubleBiFunction;
import java.util.regex.PatternSyntaxException;

/**
 * Numbers for the modules whose path, or the end of it from some name on, is what a pattern says;
 * the first that matches counts. The patterns are untrusted: all matching together has a limited
 * number of steps.
 */
final class ModulePatterns {

  private static final int MAX_PATTERN = 256;
  private static final int MAX_PATH = 512;

  /** Five hundred modules with a pattern for each need about a fifth of them. */
  private static final long MAX_STEPS = 1L << 25;

  private final String where;
  private final Map<PatternParser.PatternPart, Double> values = new LinkedHashMap<>();
  private final Map<String, OptionalDouble> known = new HashMap<>();
  private final List<String> patterns = new ArrayList<>();
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
        patterns.patterns.add(entry);
        patterns.values.put(parse(json, field, entry), number.applyAsDouble(entries, entry));
      }
    }
    return patterns;
  }

  private static PatternParser.PatternPart parse(JsonFields json, String field, String pattern) {
    if (pattern.length() > MAX_PATTERN) {
      throw json.wrong(
          field,
          "an object of numbers by patterns of at most "
              + MAX_PATTERN
              + " characters, one has "
              + pattern.length());
    }
    try {
      return PatternParser.parse(pattern);
    } catch (PatternSyntaxException e) {
      throw json.wrong(
          field,
          "an object of numbers by patterns, and '"
              + pattern
              + "' has "
              + e.getDescription()
              + " before position "
              + e.getIndex()
              + "; accepted are "
              + PatternParser.ACCEPTED);
    }
  }

  OptionalDouble valueFor(String module) {
    if (!values.isEmpty() && module.length() > MAX_PATH) {
      throw new InvalidModelException(
          "the adapter names a module of " + module.length() + " characters; no path is so long");
    }
    return known.computeIfAbsent(module, this::match);
  }

  /** Says that several patterns with different numbers match a module; empty if they do not. */
  Optional<String> overlap(String module) {
    if (values.size() < 2 || module.length() > MAX_PATH) {
      return Optional.empty();
    }
    PatternParser.PatternText text = new PatternParser.PatternText(module, this::count);
    BitSet names = text.names();
    List<String> matching = new ArrayList<>();
    Set<Double> numbers = new HashSet<>();
    int index = 0;
    for (Map.Entry<PatternParser.PatternPart, Double> entry : values.entrySet()) {
      String pattern = patterns.get(index++);
      if (entry.getKey().ends(text, names).get(module.length())) {
        matching.add(pattern);
        numbers.add(entry.getValue());
      }
    }
    return numbers.size() < 2
        ? Optional.empty()
        : Optional.of(
            "the keys "
                + matching
                + " of "
                + where
                + " all match "
                + module
                + "; the first of them holds, as in PEFT");
  }

  private OptionalDouble match(String module) {
    PatternParser.PatternText text = new PatternParser.PatternText(module, this::count);
    BitSet names = text.names();
    for (Map.Entry<PatternParser.PatternPart, Double> entry : values.entrySet()) {
      if (entry.getKey().ends(text, names).get(module.length())) {
        return OptionalDouble.of(entry.getValue());
      }
    }
    return OptionalDouble.empty();
  }

  private void count(int more) {
    steps += more;
    if (steps > MAX_STEPS) {
      throw new InvalidModelException(
          "the patterns of '"
              + where
              + "' take too long to match; write the paths of the modules instead");
    }
  }
}
