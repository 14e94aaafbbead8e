package dev.showo2.bench;

import dev.showo2.model.Architecture;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apiguardian.api.API;

/**
 * The work that is measured and how often.
 *
 * @param stages to measure, in the order of the constants
 * @param sizes of images; empty for the size that the model was made for
 * @param rounds 1 or more; in each, all targets are measured once, one after the other
 * @param prefill positions of the prompt, 1 or more
 * @param tokens of the text after it, 1 or more
 * @param separate whether a process ends with each turn, so that no two hold their weights at the
 *     same time and opening is measured in each round
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record BenchmarkPlan(
    Set<BenchmarkStage> stages,
    List<ImageSize> sizes,
    int rounds,
    int prefill,
    int tokens,
    boolean separate) {

  /** All stages, three rounds, a prompt of 760 positions and a text of 32 tokens. */
  public static final BenchmarkPlan DEFAULT =
      new BenchmarkPlan(EnumSet.allOf(BenchmarkStage.class), List.of(), 3, 760, 32, false);

  /**
   * Copies the collections.
   *
   * @param stages to measure
   * @param sizes of images
   * @param rounds 1 or more
   * @param prefill positions of the prompt, 1 or more
   * @param tokens of the text after it, 1 or more
   * @param separate whether a process ends with each turn
   * @throws IllegalArgumentException if there is no stage, or a number is below 1
   */
  public BenchmarkPlan {
    if (stages.isEmpty()) {
      throw new IllegalArgumentException("stages: at least one is needed");
    }
    requireOne("rounds", rounds);
    requireOne("prefill", prefill);
    requireOne("tokens", tokens);
    stages = Collections.unmodifiableSet(EnumSet.copyOf(stages));
    sizes = List.copyOf(sizes);
  }

  private static void requireOne(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + ": at least 1 is needed, found " + value);
    }
  }

  /**
   * The size of an image.
   *
   * @param width in pixels
   * @param height in pixels
   */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  public record ImageSize(int width, int height) {

    /**
     * Returns the size that a model was made for.
     *
     * @param sizes of the model
     * @return the size of its images
     */
    public static ImageSize of(Architecture sizes) {
      int pixels = sizes.pixelsPerToken();
      return new ImageSize(sizes.imageGrid().columns() * pixels, sizes.imageGrid().rows() * pixels);
    }

    /**
     * Reads a size.
     *
     * @param text such as {@code 432} for a square, or {@code 512x384}
     * @return the size
     * @throws IllegalArgumentException if it has another form
     */
    public static ImageSize parse(String text) {
      if (!text.matches("[1-9][0-9]{0,4}(x[1-9][0-9]{0,4})?")) {
        throw new IllegalArgumentException(
            "pixels such as 432 or 512x384 are needed, found '" + text + "'");
      }
      String[] sides = text.split("x");
      int width = Integer.parseInt(sides[0]);
      return new ImageSize(width, sides.length == 1 ? width : Integer.parseInt(sides[1]));
    }

    /** Such as {@code 512x384}. */
    @Override
    public String toString() {
      return width + "x" + height;
    }
  }
}
