package dev.showo2.demo.world;

import dev.showo2.demo.world.Attributes.Attribute;
import dev.showo2.demo.world.Attributes.Background;
import dev.showo2.demo.world.Attributes.Color;
import dev.showo2.demo.world.Attributes.Position;
import dev.showo2.demo.world.Attributes.Shape;
import dev.showo2.demo.world.Attributes.Size;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apiguardian.api.API;

/**
 * Writes prompts for stories after the examples of the demo's README. The same seed gives the same
 * prompts.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class StoryGrammar {

  private StoryGrammar() {}

  /**
   * Writes prompts; every third is Chinese, and every fourth has three images, others two: about as
   * in the official measurement (113 images of 50 stories).
   *
   * @param seed the seed of all choices
   * @param count how many
   * @return the first ones of an endless list
   */
  public static List<StoryPrompt> prompts(long seed, int count) {
    Random random = new Random(seed);
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                prompt(
                    i % 3 == 2 ? Language.CHINESE : Language.ENGLISH, i % 4 == 3 ? 2 : 1, random))
        .toList();
  }

  /**
   * Writes a prompt.
   *
   * @param language of all texts
   * @param steps changes after the first image, 1 to 5
   * @param random makes all other choices
   * @return a story of one image more than changes
   */
  public static StoryPrompt prompt(Language language, int steps, Random random) {
    Mention mention = beginning(random);
    return story(mention, changes(mention.expected(), steps, random), language, random);
  }

  /** A quarter name a size, a background, a place: about as the examples of the README. */
  private static Mention beginning(Random random) {
    Color color = Chance.any(random, Color.values());
    return new Mention(
        Chance.any(random, Shape.values()),
        color,
        Chance.maybe(random, 1, 4, Size.values()),
        Chance.maybe(random, 1, 4, Background.showing(color)),
        Chance.maybe(random, 1, 4, Position.values()));
  }

  static StoryPrompt story(
      Mention mention, List<StoryChange> changes, Language language, Random random) {
    boolean chinese = language == Language.CHINESE;
    return new StoryPrompt(
        chinese
            ? Chinese.storyPrompt(mention, changes)
            : English.storyPrompt(mention, changes, random),
        language,
        Stream.concat(
                Stream.of(chinese ? Chinese.beginning(mention) : English.beginning(mention)),
                changes.stream().map(chinese ? Chinese::telling : English::telling))
            .toList(),
        Stream.concat(Stream.of(mention.expected()), changes.stream().map(StoryChange::to))
            .toList());
  }

  /** Each changes something else. */
  private static List<StoryChange> changes(Attributes start, int steps, Random random) {
    List<Attribute> attributes = Arrays.asList(Attribute.values().clone());
    Collections.shuffle(attributes, random);
    List<StoryChange> changes = new ArrayList<>();
    Attributes from = start;
    for (Attribute attribute : attributes.subList(0, steps)) {
      changes.add(StoryChange.of(attribute, from, random));
      from = changes.get(changes.size() - 1).to();
    }
    return changes;
  }

  /**
   * A prompt for a story of two or three images.
   *
   * @param text the prompt
   * @param language the language of all texts
   * @param texts what should be said before each image, without special tokens; the first begins
   *     with a space
   * @param images what each image should show; it keeps what it does not change
   */
  public record StoryPrompt(
      String text, Language language, List<String> texts, List<Attributes> images) {

    /**
     * Copies the lists.
     *
     * @param text the prompt
     * @param language the language of all texts
     * @param texts what should be said before each image, without special tokens; the first begins
     *     with a space
     * @param images what each image should show; it keeps what it does not change
     * @throws IllegalArgumentException if there are not as many texts as images
     */
    public StoryPrompt {
      texts = List.copyOf(texts);
      images = List.copyOf(images);
      if (texts.size() != images.size()) {
        throw new IllegalArgumentException(
            texts.size() + " texts were found for " + images.size() + " images");
      }
    }
  }

  /**
   * A step of a story.
   *
   * @param attribute what changes
   * @param to what the image shows after it
   */
  record StoryChange(Attribute attribute, Attributes to) {

    /** To any other value with which the shape can still be seen. */
    static StoryChange of(Attribute attribute, Attributes from, Random random) {
      Attributes to =
          switch (attribute) {
            case SHAPE -> from.with(other(Shape.values(), from.shape(), random));
            case COLOR -> from.with(other(visible(from.background()), from.color(), random));
            case BACKGROUND ->
                from.with(other(Background.showing(from.color()), from.background(), random));
            case SIZE -> from.with(other(Size.values(), from.size(), random));
            case POSITION -> from.with(other(Position.values(), from.position(), random));
          };
      return new StoryChange(attribute, to);
    }

    private static Color[] visible(Background background) {
      return Arrays.stream(Color.values())
          .filter(each -> !background.hides(each))
          .toArray(Color[]::new);
    }

    private static <T> T other(T[] values, T than, Random random) {
      int index = random.nextInt(values.length - 1);
      return values[index] == than ? values[values.length - 1] : values[index];
    }
  }
}
