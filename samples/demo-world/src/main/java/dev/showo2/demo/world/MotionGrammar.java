package dev.showo2.demo.world;

import dev.showo2.demo.world.Attributes.Background;
import dev.showo2.demo.world.Attributes.Color;
import dev.showo2.demo.world.Attributes.Shape;
import dev.showo2.demo.world.Attributes.Size;
import dev.showo2.demo.world.Motion.Direction;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.apiguardian.api.API;

/**
 * Writes prompts for videos, from text or from an image, after the grammar of the demo's README.
 * The same seed gives the same prompts.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class MotionGrammar {

  private MotionGrammar() {}

  /**
   * Writes prompts; every third is Chinese, and the directions take turns.
   *
   * @param seed the seed of all choices
   * @param count how many
   * @return the first ones of an endless list
   */
  public static List<MotionPrompt> prompts(long seed, int count) {
    Random random = new Random(seed);
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                prompt(
                    i % 3 == 2 ? Language.CHINESE : Language.ENGLISH,
                    Direction.values()[i % Direction.values().length],
                    random))
        .toList();
  }

  /**
   * Writes a prompt; half name a size, two thirds a background, as with images.
   *
   * @param language of the prompt
   * @param direction of the movement
   * @param random makes all other choices
   * @return the prompt
   */
  public static MotionPrompt prompt(Language language, Direction direction, Random random) {
    Color color = Chance.any(random, Color.values());
    Shape shape = Chance.any(random, Shape.values());
    Optional<Size> size = Chance.maybe(random, 1, 2, Size.values());
    Optional<Background> background = Chance.maybe(random, 2, 3, Background.showing(color));
    String text =
        language == Language.CHINESE
            ? background.map(each -> Chinese.name(each) + "背景上有").orElse("")
                + chinese(size, color, shape, direction)
                + Chance.any(random, "", "。")
            : English.thing(size, color, shape)
                + Chance.any(random, " moving ", " moves ")
                + English.way(direction)
                + English.on(background)
                + Chance.any(random, "", ".");
    Motion expected =
        new Motion(
            shape,
            color,
            background.orElse(Background.plain(color)),
            size.orElse(Size.BIG),
            direction);
    return new MotionPrompt(text, language, expected);
  }

  /** As in "a red circle moves to the right", said of a video, too. */
  static String chinese(Optional<Size> size, Color color, Shape shape, Direction direction) {
    return Chinese.thing(size, color, shape) + Chinese.way(direction) + "移动";
  }

  /**
   * A prompt for a video.
   *
   * @param text the prompt
   * @param language the language of the text
   * @param expected what the video should show; defaults stand where the prompt is silent
   */
  public record MotionPrompt(String text, Language language, Motion expected) {}
}
