package dev.showo2.conformance.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.conformance.compare.Tolerance;
import dev.showo2.conformance.compare.Tolerances;
import dev.showo2.model.Precision;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The book says what the code says. A failure prints the table as it has to be. */
class RuleBookTest {

  private final String book = read();

  private static String read() {
    try {
      return Files.readString(Path.of("RULES.md"));
    } catch (IOException e) {
      throw new AssertionError("RULES.md belongs beside the pom of this module", e);
    }
  }

  private void contains(String table) {
    assertTrue(book.contains("\n" + table), () -> "RULES.md should have\n\n" + table);
  }

  @ParameterizedTest
  @EnumSource(Chapter.class)
  void everyChapterHasItsRules(Chapter chapter) {
    contains(
        "### "
            + chapter
            + " "
            + chapter.title()
            + "\n\n| rule | level | what it says | judged by |\n|---|---|---|---|\n"
            + Arrays.stream(Rule.values())
                .filter(rule -> rule.chapter() == chapter)
                .map(RuleBookTest::row)
                .collect(Collectors.joining()));
  }

  private static String row(Rule rule) {
    String judged =
        rule.bound().map(bound -> bound.name().toLowerCase(Locale.ROOT)).orElse("not tested");
    return String.format("| %s | %s | %s | %s |\n", rule, rule.level(), rule.sentence(), judged);
  }

  @Test
  void thereAreNoOtherRules() {
    List<String> ids =
        book.lines()
            .filter(line -> line.matches("\\| [A-Z]-\\d+ \\| (MUST|SHOULD|MAY) \\|.*"))
            .map(line -> line.substring(2, line.indexOf(' ', 2)))
            .toList();
    assertEquals(Arrays.stream(Rule.values()).map(Rule::id).toList(), ids);
  }

  @Test
  void whatCannotBeTestedIsListed() {
    contains(
        "| rule | why it cannot be tested |\n|---|---|\n"
            + Arrays.stream(Rule.values())
                .filter(rule -> rule.untestable().isPresent())
                .map(rule -> "| " + rule + " | " + rule.untestable().get() + " |\n")
                .collect(Collectors.joining())
            + "\n");
  }

  @Test
  void tolerancesAreThoseOfThePrecisions() {
    contains(
        "| precision | stage: max abs | stage: cosine | pieces: max abs | pieces: cosine"
            + " | run: max abs | run: cosine | pixels | tokens and text |\n"
            + "|---|---|---|---|---|---|---|---|---|\n"
            + Arrays.stream(Precision.values()).map(RuleBookTest::row).collect(Collectors.joining())
            + "\n");
  }

  private static String row(Precision precision) {
    return String.format(
        "| %s | %s | %s | %s | %s | %s | %s | %s | %s |\n",
        precision.id(),
        bound(Tolerances.of(precision).stage()),
        cosine(Tolerances.of(precision).stage()),
        bound(Tolerances.of(precision).pieces()),
        cosine(Tolerances.of(precision).pieces()),
        bound(Tolerances.of(precision).trajectory()),
        cosine(Tolerances.of(precision).trajectory()),
        pixels(Tolerances.of(precision).pixels()),
        Tolerances.of(precision).judgesTokens() ? "equal" : "shown, not judged");
  }

  private static String bound(Tolerance tolerance) {
    return plain(tolerance.bound()) + (tolerance.scaled() ? " · m" : "");
  }

  private static String cosine(Tolerance tolerance) {
    return tolerance.cosine() == -1 ? "any" : "at least " + plain(tolerance.cosine());
  }

  /** Where any difference is allowed, the angle alone counts. */
  private static String pixels(Tolerance tolerance) {
    return tolerance.bound() == 255
        ? "cosine " + cosine(tolerance)
        : String.format(
            "at most %s off, in at most %s of the values",
            plain(tolerance.bound()), plain(tolerance.deviatingShare()));
  }

  private static String plain(double value) {
    return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }
}
