package dev.showo2.demo.world;

import dev.showo2.demo.world.ShapeClassifier.Finding;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import org.apiguardian.api.API;

/** How often generated images show what was asked for, in the terms of the demo's README. */
@API(status = API.Status.INTERNAL, since = "0.1")
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
   * @param prompt the prompt
   * @param image the image
   */
  public void add(DemoPrompt prompt, BufferedImage image) {
    judged.add(new Judged(prompt, ShapeClassifier.examine(image)));
  }

  /** {@return the number of images judged so far} */
  public int count() {
    return judged.size();
  }

  /**
   * {@return the share of images with this attribute right, from 0 to 1}
   *
   * @param attribute the attribute that is judged
   */
  public double share(Attribute attribute) {
    return share(judged, each -> each.right(attribute));
  }

  /**
   * The share of images with all five attributes right.
   *
   * @return the share, from 0 to 1
   */
  public double all() {
    return share(judged, Judged::allRight);
  }

  /**
   * As {@link #all()}, for the prompts in one language.
   *
   * @param language the language of the prompts
   * @return the share, from 0 to 1
   */
  public double all(Language language) {
    List<Judged> inLanguage =
        judged.stream().filter(each -> each.prompt().language() == language).toList();
    return share(inLanguage, Judged::allRight);
  }

  /**
   * {@return mean overlap of what is drawn with the shape seen in it; a plain image counts as 0}
   */
  public double meanOverlap() {
    return judged.stream()
        .mapToDouble(each -> each.finding().map(Finding::overlap).orElse(0.0))
        .average()
        .orElse(Double.NaN);
  }

  /**
   * {@return a line for each image that is not wholly right: the prompt and the attributes found}
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
