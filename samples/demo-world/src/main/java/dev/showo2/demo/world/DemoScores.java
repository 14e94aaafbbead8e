package dev.showo2.demo.world;

import dev.showo2.demo.world.Attributes.Attribute;
import dev.showo2.demo.world.PromptGrammar.DemoPrompt;
import dev.showo2.demo.world.ShapeClassifier.Finding;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import org.apiguardian.api.API;

/**
 * The shares of generated images that show what was asked for, in the terms of the demo's README.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class DemoScores {

  private record Judged(DemoPrompt prompt, Optional<Finding> finding) {

    boolean right(Attribute attribute) {
      return finding
          .filter(seen -> attribute.of(seen.attributes()) == attribute.of(prompt.expected()))
          .isPresent();
    }

    boolean allRight() {
      return Arrays.stream(Attribute.values()).allMatch(this::right);
    }

    String miss() {
      String seen = finding.map(found -> found.attributes().toString()).orElse("a plain image");
      return prompt.text() + ": " + seen;
    }
  }

  private final List<Judged> judged = new ArrayList<>();

  /**
   * Judges an image.
   *
   * @param prompt the prompt that it was generated for
   * @param image 64x64
   */
  public void add(DemoPrompt prompt, BufferedImage image) {
    judged.add(new Judged(prompt, ShapeClassifier.examine(image)));
  }

  /**
   * The number of images judged.
   *
   * @return 0 or more
   */
  public int count() {
    return judged.size();
  }

  /**
   * The number of images judged for prompts in one language.
   *
   * @param language the language
   * @return 0 or more
   */
  public int count(Language language) {
    return (int) judged.stream().filter(each -> each.prompt().language() == language).count();
  }

  /**
   * The share of images with an attribute right.
   *
   * @param attribute the attribute
   * @return 0 to 1; NaN where nothing was judged
   */
  public double share(Attribute attribute) {
    return share(judged, each -> each.right(attribute));
  }

  /**
   * The share of images with all five attributes right.
   *
   * @return 0 to 1; NaN where nothing was judged
   */
  public double all() {
    return share(judged, Judged::allRight);
  }

  /**
   * The share of images with all five attributes right, among those for prompts in one language.
   *
   * @param language the language
   * @return 0 to 1; NaN where nothing was judged
   */
  public double all(Language language) {
    List<Judged> inLanguage =
        judged.stream().filter(each -> each.prompt().language() == language).toList();
    return share(inLanguage, Judged::allRight);
  }

  /**
   * The mean intersection over union of what is drawn and the shape seen in it; a plain image
   * counts as 0.
   *
   * @return 0 to 1; NaN where nothing was judged
   */
  public double meanOverlap() {
    return judged.stream()
        .mapToDouble(each -> each.finding().map(Finding::overlap).orElse(0.0))
        .average()
        .orElse(Double.NaN);
  }

  /**
   * The images that are not wholly right.
   *
   * @return a line each: the prompt and what was seen
   */
  public List<String> misses() {
    return judged.stream().filter(each -> !each.allRight()).map(Judged::miss).toList();
  }

  /** The columns of the README's table; a language without prompts is left out. */
  @Override
  public String toString() {
    StringBuilder line = new StringBuilder();
    for (Attribute attribute : Attribute.values()) {
      line.append(percent(attribute, share(attribute)));
    }
    line.append(String.format(Locale.ROOT, "all %.1f %%, ", 100 * all()));
    for (Language language : Language.values()) {
      if (!Double.isNaN(all(language))) {
        line.append(percent(language, all(language)));
      }
    }
    return line
        + String.format(Locale.ROOT, "overlap %.3f, %d images", meanOverlap(), judged.size());
  }

  private static String percent(Enum<?> of, double share) {
    return String.format(
        Locale.ROOT, "%s %.1f %%, ", of.name().toLowerCase(Locale.ROOT), 100 * share);
  }

  /** Not a number where nothing was judged: neither a success nor a failure. */
  private static double share(List<Judged> of, Predicate<Judged> right) {
    return of.stream().filter(right).count() / (double) of.size();
  }
}
