package dev.showo2.demo.world;

import dev.showo2.demo.world.StoryGrammar.StoryPrompt;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apiguardian.api.API;

/**
 * The shares of stories that say and show what was asked for, in the terms of the demo's README.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class StoryScores {

  /**
   * @param rightImages how many of the expected images are there with all five attributes right
   * @param more whether there are images that nobody asked for
   */
  private record Judged(StoryPrompt prompt, List<String> texts, int rightImages, boolean more) {

    boolean text() {
      return texts.equals(prompt.texts());
    }

    boolean images() {
      return rightImages == prompt.images().size() && !more;
    }
  }

  private final List<Judged> judged = new ArrayList<>();

  /**
   * Judges a story.
   *
   * @param prompt the prompt that it was generated for
   * @param texts what was said before each image and after the last one, without special tokens; an
   *     empty text at the end counts as none
   * @param images in their order
   */
  public void add(StoryPrompt prompt, List<String> texts, List<BufferedImage> images) {
    int right =
        (int)
            IntStream.range(0, Math.min(images.size(), prompt.images().size()))
                .filter(
                    i ->
                        ShapeClassifier.classify(images.get(i))
                            .equals(Optional.of(prompt.images().get(i))))
                .count();
    boolean more = images.size() > prompt.images().size();
    judged.add(new Judged(prompt, withoutEmptyEnd(texts), right, more));
  }

  private static List<String> withoutEmptyEnd(List<String> texts) {
    boolean emptyEnd = !texts.isEmpty() && texts.get(texts.size() - 1).isEmpty();
    return List.copyOf(emptyEnd ? texts.subList(0, texts.size() - 1) : texts);
  }

  /**
   * The number of stories judged.
   *
   * @return 0 or more
   */
  public int count() {
    return judged.size();
  }

  /**
   * The number of images that the stories judged asked for.
   *
   * @return 0 or more
   */
  public int imageCount() {
    return judged.stream().mapToInt(each -> each.prompt().images().size()).sum();
  }

  /**
   * The share of stories with every text word for word right.
   *
   * @return 0 to 1; NaN where nothing was judged
   */
  public double texts() {
    return share(Judged::text);
  }

  /**
   * The share of stories with every image right in all five attributes.
   *
   * @return 0 to 1; NaN where nothing was judged
   */
  public double images() {
    return share(Judged::images);
  }

  /**
   * The share of stories with every text and every image right.
   *
   * @return 0 to 1; NaN where nothing was judged
   */
  public double both() {
    return share(each -> each.text() && each.images());
  }

  /**
   * The share of right images among all that were asked for.
   *
   * @return 0 to 1; NaN where nothing was judged
   */
  public double eachImage() {
    int right = judged.stream().mapToInt(Judged::rightImages).sum();
    return right / (double) imageCount();
  }

  /**
   * The stories whose text is wrong.
   *
   * @return a line each
   */
  public List<String> wrongTexts() {
    return judged.stream()
        .filter(each -> !each.text())
        .map(each -> each.prompt().text() + " gave: " + each.texts())
        .toList();
  }

  /** The README's row. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "text %.1f %%, every image %.1f %%, both %.1f %%, images one by one %.1f %%, %d stories",
        100 * texts(),
        100 * images(),
        100 * both(),
        100 * eachImage(),
        judged.size());
  }

  private double share(Predicate<Judged> right) {
    return judged.stream().filter(right).count() / (double) judged.size();
  }
}
