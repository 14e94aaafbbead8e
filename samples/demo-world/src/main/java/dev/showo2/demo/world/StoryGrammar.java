package dev.showo2.demo.world;

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
@API(status = API.Status.INTERNAL, since = "0.1")
public final class StoryGrammar {

  private StoryGrammar() {}

  /**
   * As many prompts; every third is Chinese, and every fourth has three images, others two: about
   * as in the official measurement (113 images of 50 stories).
   *
   * @param seed of the random numbers
   * @param count how many, at least 1
   * @return the prompts
   */
  public static List<StoryPrompt> prompts(long seed, int count) {
    Random random = new Random(seed);
    return IntStream.range(0, count)
        .mapToObj(
            i -> next(random, i % 3 == 2 ? Language.CHINESE : Language.ENGLISH, i % 4 == 3 ? 2 : 1))
        .toList();
  }

  private static StoryPrompt next(Random random, Language language, int steps) {
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
            ? ChineseStory.prompt(mention, changes)
            : EnglishStory.prompt(mention, changes, random),
        language,
        Stream.concat(
                Stream.of(
                    chinese ? ChineseStory.beginning(mention) : EnglishStory.beginning(mention)),
                changes.stream().map(chinese ? ChineseStory::telling : EnglishStory::telling))
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
}
