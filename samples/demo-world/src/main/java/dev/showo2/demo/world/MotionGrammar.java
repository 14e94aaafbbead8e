package dev.showo2.demo.world;

import dev.showo2.demo.world.Attributes.Background;
import dev.showo2.demo.world.Attributes.Color;
import dev.showo2.demo.world.Attributes.Shape;
import dev.showo2.demo.world.Attributes.Size;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.apiguardian.api.API;

/**
 * Writes prompts for videos, from text or from an image, after the grammar of the demo's README.
 * The same seed gives the same prompts.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class MotionGrammar {

  private MotionGrammar() {}

  /**
   * {@return prompts; every third is Chinese, and the directions take turns}
   *
   * @param seed of the random numbers
   * @param count how many, at least 1
   */
  public static List<MotionPrompt> prompts(long seed, int count) {
    Random random = new Random(seed);
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                next(
                    random,
                    i % 3 == 2 ? Language.CHINESE : Language.ENGLISH,
                    Direction.values()[i % Direction.values().length]))
        .toList();
  }

  /** Half name a size, two thirds a background, as with images. */
  private static MotionPrompt next(Random random, Language language, Direction direction) {
    Color color = Chance.any(random, Color.values());
    Shape shape = Chance.any(random, Shape.values());
    Optional<Size> size = Chance.maybe(random, 1, 2, Size.values());
    Optional<Background> background = Chance.maybe(random, 2, 3, Background.showing(color));
    String text =
        language == Language.CHINESE
            ? background.map(each -> ChineseWords.name(each) + "背景上有").orElse("")
                + chinese(size, color, shape, direction)
                + Chance.any(random, "", "。")
            : EnglishWords.thing(size, color, shape)
                + Chance.any(random, " moving ", " moves ")
                + EnglishWords.way(direction)
                + EnglishPrompt.on(background)
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
    return ChineseWords.thing(size, color, shape) + ChineseWords.way(direction) + "移动";
  }
}
