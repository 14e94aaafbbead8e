package dev.showo2.demo.world;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.demo.world.Attributes.Attribute;
import dev.showo2.demo.world.Attributes.Background;
import dev.showo2.demo.world.Attributes.Color;
import dev.showo2.demo.world.Attributes.Position;
import dev.showo2.demo.world.Attributes.Shape;
import dev.showo2.demo.world.Attributes.Size;
import dev.showo2.demo.world.StoryGrammar.StoryChange;
import dev.showo2.demo.world.StoryGrammar.StoryPrompt;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StoryGrammarTest {

  private static final List<StoryPrompt> MANY = StoryGrammar.prompts(1, 1000);

  private final Mention redCircle = mention(Shape.CIRCLE, Color.RED);

  @Test
  void tellsTheStoriesWhoseTextsTheReadmeGives() {
    assertStory(
        "Draw an orange triangle, then make it small.",
        List.of(" Here is an orange triangle.", "Now it is small."),
        mention(Shape.TRIANGLE, Color.ORANGE),
        size(Size.SMALL));
    assertStory(
        "Draw a purple cross on a gray background, then turn it black.",
        List.of(" Here is a purple cross.", "Now it is black."),
        on(Background.GRAY, mention(Shape.CROSS, Color.PURPLE)),
        color(Color.BLACK));
    assertStory(
        "画上面有一个紫色正方形,然后把它变成圆形。",
        List.of(" 这是一个紫色正方形。", "现在它是圆形。"),
        at(Position.TOP, mention(Shape.SQUARE, Color.PURPLE)),
        shape(Shape.CIRCLE));
    assertStory(
        "Draw a red circle, then make it blue.",
        List.of(" Here is a red circle.", "Now it is blue."),
        redCircle,
        color(Color.BLUE));
  }

  @Test
  void asksForWhatTheReadmesExamplesAskFor() {
    assertStory(
        "Draw a small green square on a white background, then turn it into a triangle, then make"
            + " it big.",
        List.of(" Here is a small green square.", "Now it is a triangle.", "Now it is big."),
        small(on(Background.WHITE, mention(Shape.SQUARE, Color.GREEN))),
        shape(Shape.TRIANGLE),
        size(Size.BIG));
    assertStory(
        "Draw a yellow cross at the left, then move it to the right.",
        List.of(" Here is a yellow cross.", "Now it is at the right."),
        at(Position.LEFT, mention(Shape.CROSS, Color.YELLOW)),
        position(Position.RIGHT));
    assertStory(
        "Draw a red circle, then make the background black.",
        List.of(" Here is a red circle.", "Now the background is black."),
        redCircle,
        background(Background.BLACK));
    assertStory(
        "画一个红色圆形,然后把它变成蓝色。", List.of(" 这是一个红色圆形。", "现在它是蓝色。"), redCircle, color(Color.BLUE));
  }

  @Test
  void tellsTheOtherChangesInTheModelsChinese() {
    assertStory(
        "画灰色背景上有一个小红色圆形,然后把它变大,然后把它移到下面,然后把背景变成黑色。",
        List.of(" 这是一个小红色圆形。", "现在它很大。", "现在它在下面。", "现在背景是黑色。"),
        small(on(Background.GRAY, redCircle)),
        size(Size.BIG),
        position(Position.BOTTOM),
        background(Background.BLACK));
  }

  @Test
  void aChangeKeepsTheRest() {
    Attributes red =
        new Attributes(Shape.CIRCLE, Color.RED, Background.WHITE, Size.BIG, Position.CENTER);
    assertEquals(List.of(red, red.with(Color.BLUE)), story(redCircle, color(Color.BLUE)));
    for (StoryPrompt each : MANY) {
      for (int k = 1; k < each.images().size(); k++) {
        assertEquals(1, changed(each, k).size(), each::text);
      }
    }
  }

  private static List<Attributes> story(Mention mention, UnaryOperator<Attributes> change) {
    return StoryGrammar.story(
            mention, List.of(step(mention.expected(), change)), Language.ENGLISH, new Random(1))
        .images();
  }

  @Test
  void everyThingChangesInBothLanguages() {
    for (Language language : Language.values()) {
      Set<Attribute> seen =
          MANY.subList(0, 100).stream()
              .filter(each -> each.language() == language)
              .flatMap(each -> changed(each, 1).stream())
              .collect(Collectors.toSet());
      assertEquals(EnumSet.allOf(Attribute.class), seen);
    }
  }

  @Test
  void noImageHidesItsShape() {
    assertTrue(
        MANY.stream()
            .flatMap(each -> each.images().stream())
            .noneMatch(each -> each.background().hides(each.color())));
  }

  @Test
  void fiftyHaveAboutAsManyImagesAsTheOfficialOnes() {
    assertEquals(
        112, StoryGrammar.prompts(4, 50).stream().mapToInt(each -> each.images().size()).sum());
  }

  @Test
  void theSeedDecides() {
    assertEquals(StoryGrammar.prompts(1, 50), StoryGrammar.prompts(1, 60).subList(0, 50));
    assertNotEquals(StoryGrammar.prompts(1, 50), StoryGrammar.prompts(2, 50));
  }

  private static Set<Attribute> changed(StoryPrompt story, int image) {
    Predicate<Attribute> differs =
        each -> each.of(story.images().get(image)) != each.of(story.images().get(image - 1));
    return Arrays.stream(Attribute.values()).filter(differs).collect(Collectors.toSet());
  }

  /** The text may be one of several forms. */
  @SafeVarargs
  private static void assertStory(
      String text, List<String> texts, Mention mention, UnaryOperator<Attributes>... changes) {
    List<StoryChange> steps = new ArrayList<>();
    Attributes from = mention.expected();
    for (UnaryOperator<Attributes> change : changes) {
      steps.add(step(from, change));
      from = change.apply(from);
    }
    Language language = text.startsWith("画") ? Language.CHINESE : Language.ENGLISH;
    Random random = new Random(1);
    List<StoryPrompt> forms =
        Stream.generate(() -> StoryGrammar.story(mention, steps, language, random))
            .limit(10)
            .toList();
    assertTrue(forms.stream().anyMatch(each -> each.text().equals(text)), forms::toString);
    forms.forEach(each -> assertEquals(texts, each.texts()));
  }

  private static StoryChange step(Attributes from, UnaryOperator<Attributes> change) {
    Attributes to = change.apply(from);
    Attribute changed =
        Arrays.stream(Attribute.values())
            .filter(each -> each.of(from) != each.of(to))
            .findFirst()
            .orElseThrow();
    return new StoryChange(changed, to);
  }

  private static UnaryOperator<Attributes> shape(Shape to) {
    return from -> from.with(to);
  }

  private static UnaryOperator<Attributes> color(Color to) {
    return from -> from.with(to);
  }

  private static UnaryOperator<Attributes> background(Background to) {
    return from -> from.with(to);
  }

  private static UnaryOperator<Attributes> size(Size to) {
    return from -> from.with(to);
  }

  private static UnaryOperator<Attributes> position(Position to) {
    return from -> from.with(to);
  }

  private static Mention mention(Shape shape, Color color) {
    return new Mention(shape, color, Optional.empty(), Optional.empty(), Optional.empty());
  }

  private static Mention small(Mention of) {
    return new Mention(
        of.shape(), of.color(), Optional.of(Size.SMALL), of.background(), of.position());
  }

  private static Mention on(Background background, Mention of) {
    return new Mention(of.shape(), of.color(), of.size(), Optional.of(background), of.position());
  }

  private static Mention at(Position position, Mention of) {
    return new Mention(of.shape(), of.color(), of.size(), of.background(), Optional.of(position));
  }
}
