package dev.showo2.train.recipe;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.train.recipe.YamlTree.Entries;
import dev.showo2.train.recipe.YamlTree.Items;
import dev.showo2.train.recipe.YamlTree.Node;
import dev.showo2.train.recipe.YamlTree.Text;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.DoublePredicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * A section of a configuration. It is asked for all the keys that it may have, and then refuses the
 * others. Messages name file, line and key. Not thread-safe.
 */
final class ConfigSection {

  private static final int NEAR = 3;

  private static final Pattern NUMBER =
      Pattern.compile("[-+]?(\\d[\\d_]*\\.?|\\d*\\.\\d)\\d*([eE][-+]?\\d{1,4})?");

  private final String origin;
  private final Entries entries;
  private final Set<String> known = new LinkedHashSet<>();

  private ConfigSection(String origin, Entries entries) {
    this.origin = origin;
    this.entries = entries;
  }

  /**
   * Parses a whole configuration.
   *
   * @param origin its file, for messages
   */
  static ConfigSection parse(String text, String origin) {
    return new ConfigSection(origin, YamlTree.parse(text, origin));
  }

  /** {@return the keys, in their order} */
  List<String> keys() {
    return List.copyOf(entries.values().keySet());
  }

  boolean has(String key) {
    return find(key).isPresent();
  }

  /**
   * Converts what other types refuse on their own terms.
   *
   * @throws InvalidRequestException with file and line, if the conversion refuses the values
   */
  <T> T checked(Supplier<T> conversion) {
    try {
      return conversion.get();
    } catch (IllegalArgumentException e) {
      throw new InvalidRequestException(origin + ":" + entries.line() + ": " + e.getMessage(), e);
    }
  }

  Optional<String> text(String key) {
    return find(key).map(node -> text(key, node));
  }

  String requireText(String key, String example) {
    return text(key).orElseThrow(() -> missing(key, example));
  }

  List<String> texts(String key) {
    return find(key)
        .map(
            node ->
                node instanceof Items items
                    ? items.values().stream().map(item -> text(key, item)).toList()
                    : List.of(text(key, node)))
        .orElse(List.of());
  }

  OptionalDouble number(String key, DoublePredicate valid, String expected) {
    Optional<Node> node = find(key);
    return node.isPresent()
        ? OptionalDouble.of(number(key, node.get(), valid, expected))
        : OptionalDouble.empty();
  }

  double number(String key, double otherwise, DoublePredicate valid, String expected) {
    return number(key, valid, expected).orElse(otherwise);
  }

  OptionalLong integer(String key, long least, long most) {
    String expected =
        most == Long.MAX_VALUE || most == Integer.MAX_VALUE
            ? "a whole number of " + least + " or more"
            : "a whole number from " + least + " to " + most;
    Optional<Node> node = find(key);
    if (node.isEmpty()) {
      return OptionalLong.empty();
    }
    String text = text(key, node.get());
    try {
      long value = Long.parseLong(text.replace("_", ""));
      if (value >= least && value <= most) {
        return OptionalLong.of(value);
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw wrong(key, node.get().line(), expected, text);
  }

  long integer(String key, long otherwise, long least, long most) {
    return integer(key, least, most).orElse(otherwise);
  }

  boolean flag(String key, boolean otherwise) {
    Optional<Node> node = find(key);
    if (node.isEmpty()) {
      return otherwise;
    }
    String text = text(key, node.get());
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw wrong(key, node.get().line(), "true or false", text);
    };
  }

  <E extends Enum<E>> Optional<E> choice(String key, Class<E> type) {
    Optional<Node> node = find(key);
    if (node.isEmpty()) {
      return Optional.empty();
    }
    String text = text(key, node.get());
    List<String> names = Arrays.stream(type.getEnumConstants()).map(ConfigSection::keyOf).toList();
    int index = names.indexOf(text);
    if (index < 0) {
      throw wrong(key, node.get().line(), "one of " + String.join(", ", names), text);
    }
    return Optional.of(type.getEnumConstants()[index]);
  }

  static String keyOf(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  Optional<ConfigSection> section(String key) {
    return find(key).map(node -> section(key, node));
  }

  List<ConfigSection> sections(String key) {
    Optional<Node> node = find(key);
    if (node.isEmpty()) {
      return List.of();
    }
    if (!(node.get() instanceof Items items)) {
      throw error(node.get().line(), "'" + key + "' needs a list, whose entries begin with '- '");
    }
    List<ConfigSection> sections = new ArrayList<>();
    for (Node item : items.values()) {
      sections.add(section(key, item));
    }
    return sections;
  }

  /**
   * Ends the reading of the section.
   *
   * @throws InvalidRequestException if it has a key that nobody asked for
   */
  void refuseOthers() {
    for (String key : entries.values().keySet()) {
      if (!known.contains(key)) {
        throw error(
            entries.lines().get(key),
            "no setting is named '"
                + key
                + "' here"
                + nearest(key).map(name -> "; did you mean '" + name + "'?").orElse("")
                + (nearest(key).isPresent() ? "" : "; there are " + String.join(", ", known)));
      }
    }
  }

  InvalidRequestException missing(String key, String example) {
    return error(entries.line(), "'" + key + "' is missing; write such as '" + example + "'");
  }

  /** Makes the exception of a value that is wrong beside others. */
  InvalidRequestException error(String key, String what) {
    return error(entries.lines().getOrDefault(key, entries.line()), what);
  }

  private InvalidRequestException wrong(String key, int line, String expected, String found) {
    return error(line, "'" + key + "' needs " + expected + ", found '" + found + "'");
  }

  private InvalidRequestException error(int line, String what) {
    return new InvalidRequestException(origin + ":" + line + ": " + what);
  }

  private Optional<Node> find(String key) {
    known.add(key);
    return Optional.ofNullable(entries.values().get(key))
        .filter(node -> !(node instanceof Text text && text.isEmpty()));
  }

  private String text(String key, Node node) {
    if (node instanceof Text text) {
      return text.value();
    }
    throw error(
        node.line(),
        "'" + key + "' needs one value, found " + (node instanceof Items ? "a list" : "keys"));
  }

  private double number(String key, Node node, DoublePredicate valid, String expected) {
    String text = text(key, node);
    if (text.equals(".inf") && valid.test(Double.POSITIVE_INFINITY)) {
      return Double.POSITIVE_INFINITY;
    }
    // Java reads more than YAML calls a number, such as 1f and 0x1p3.
    if (NUMBER.matcher(text).matches()) {
      double value = Double.parseDouble(text.replace("_", ""));
      if (Double.isFinite(value) && valid.test(value)) {
        return value;
      }
    }
    throw wrong(key, node.line(), expected, text);
  }

  private ConfigSection section(String key, Node node) {
    if (node instanceof Entries inner) {
      return new ConfigSection(origin, inner);
    }
    throw error(node.line(), "'" + key + "' needs keys and values of its own");
  }

  private Optional<String> nearest(String key) {
    String best = null;
    int least = NEAR;
    for (String name : known) {
      int distance = distance(key, name);
      if (distance < least) {
        least = distance;
        best = name;
      }
    }
    return Optional.ofNullable(best);
  }

  /** Edits of one letter that make one word the other. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int above = row[j];
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, Math.min(above, row[j - 1]) + 1);
        diagonal = above;
      }
    }
    return row[b.length()];
  }
}
