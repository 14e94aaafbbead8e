package dev.showo2.demo.world;

import dev.showo2.demo.world.Attributes.Background;
import dev.showo2.demo.world.Attributes.Color;
import dev.showo2.demo.world.Attributes.Position;
import dev.showo2.demo.world.Attributes.Shape;
import dev.showo2.demo.world.Attributes.Size;
import java.util.Optional;
import java.util.Random;
import org.apiguardian.api.API;

/**
 * The content of a prompt: shape and color are always named, the rest may be left open.
 *
 * @param shape the kind of shape
 * @param color the color of the shape
 * @param size nothing for {@link Size#BIG}, unsaid
 * @param background nothing for the plain one of the color, unsaid
 * @param position nothing for {@link Position#CENTER}, unsaid
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Mention(
    Shape shape,
    Color color,
    Optional<Size> size,
    Optional<Background> background,
    Optional<Position> position) {

  /**
   * Half name a size, two thirds a background, half a place: about as the official 60 prompts. All
   * else is equally likely.
   *
   * @param random makes all choices
   * @return the next one
   */
  public static Mention random(Random random) {
    Color color = Chance.any(random, Color.values());
    return new Mention(
        Chance.any(random, Shape.values()),
        color,
        Chance.maybe(random, 1, 2, Size.values()),
        Chance.maybe(random, 2, 3, Background.showing(color)),
        Chance.maybe(random, 1, 2, Position.values()));
  }

  /**
   * Names everything, as a detailed description does.
   *
   * @param shown the content of an image
   * @return nothing is left open
   */
  public static Mention all(Attributes shown) {
    return new Mention(
        shown.shape(),
        shown.color(),
        Optional.of(shown.size()),
        Optional.of(shown.background()),
        Optional.of(shown.position()));
  }

  /**
   * Words the prompt.
   *
   * @param language of the prompt
   * @param random chooses among words that say the same
   * @return such as "draw a red circle on a white background."
   */
  public String prompt(Language language, Random random) {
    return language == Language.CHINESE
        ? Chinese.prompt(this, random)
        : English.prompt(this, random);
  }

  /**
   * The image that a prompt asks for; the model was trained with these defaults.
   *
   * @return with what is left open filled in
   */
  public Attributes expected() {
    return new Attributes(
        shape,
        color,
        background.orElse(Background.plain(color)),
        size.orElse(Size.BIG),
        position.orElse(Position.CENTER));
  }
}
