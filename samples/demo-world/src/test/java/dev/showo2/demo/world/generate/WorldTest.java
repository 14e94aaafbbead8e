package dev.showo2.demo.world.generate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.showo2.demo.world.Attributes;
import dev.showo2.demo.world.DemoScores;
import dev.showo2.demo.world.Language;
import dev.showo2.demo.world.Motion;
import dev.showo2.demo.world.MotionClassifier;
import dev.showo2.demo.world.MotionScores;
import dev.showo2.demo.world.ShapeClassifier;
import dev.showo2.demo.world.SmallTalk;
import dev.showo2.demo.world.StoryScores;
import dev.showo2.demo.world.WorldQuestion;
import dev.showo2.demo.world.WorldQuestion.Kind;
import java.awt.image.BufferedImage;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The classifiers read all that the world draws, and no answer is likelier than it should be. */
class WorldTest {

  private static final int ALL_CONTENTS = 880;

  private final World world = new World(7);

  @Test
  void everyDrawingShowsWhatItsPromptAsksFor() {
    DemoScores scores = new DemoScores();
    examples(300, world::drawing).forEach(each -> scores.add(each.prompt(), each.scene().draw()));
    assertEquals(List.of(), scores.misses());
  }

  @Test
  void aCaptionSaysAllThatADrawingShows() {
    Map<String, Attributes> byCaption = new TreeMap<>();
    Map<Language, Set<Attributes>> shown = new TreeMap<>();
    examples(1000, world::drawing)
        .forEach(
            each -> {
              Attributes drawn = each.scene().shown();
              Attributes before = byCaption.putIfAbsent(each.caption(), drawn);
              assertEquals(before == null ? drawn : before, drawn, each.caption());
              shown
                  .computeIfAbsent(each.prompt().language(), language -> new HashSet<>())
                  .add(drawn);
            });
    assertEquals(shown.values().stream().mapToInt(Set::size).sum(), byCaption.size());
  }

  @Test
  void everyCombinationIsAskedAboutAndDrawnAsItIs() {
    Set<Attributes> shown = new HashSet<>();
    examples(ALL_CONTENTS, world::imageQuestion)
        .forEach(
            each -> {
              Attributes drawn = each.seen().get(0).shown();
              assertEquals(Optional.of(drawn), ShapeClassifier.classify(each.draw().get(0)));
              shown.add(drawn);
            });
    assertEquals(ALL_CONTENTS, shown.size());
  }

  @Test
  void everyVideoMovesAsItsPromptAsks() {
    MotionScores scores = new MotionScores();
    examples(100, world::video)
        .forEach(
            each -> {
              List<BufferedImage> frames = each.draw();
              Motion expected = each.prompt().expected();
              assertEquals(Optional.of(expected.direction()), MotionClassifier.direction(frames));
              Attributes middle = ShapeClassifier.classify(frames.get(4)).orElseThrow();
              assertEquals(expected.shape(), middle.shape(), each.prompt().text());
              assertEquals(expected.color(), middle.color());
              assertEquals(expected.background(), middle.background());
              scores.add(each.prompt(), frames, frames.get(0));
            });
    assertEquals(1, scores.direction());
    assertEquals(Double.POSITIVE_INFINITY, scores.firstFrameKept());
  }

  @Test
  void everyStoryShowsWhatItTells() {
    StoryScores scores = new StoryScores();
    examples(200, world::story)
        .forEach(each -> scores.add(each.prompt(), each.prompt().texts(), each.draw()));
    assertEquals(1, scores.both());
  }

  @Test
  void storiesKeepWhatTheyDoNotChange() {
    StoryExample recolored =
        examples(200, world::story)
            .filter(each -> onlyColor(each.prompt().images()))
            .findFirst()
            .orElseThrow();
    ShapeScene first = recolored.scenes().get(0);
    ShapeScene second = recolored.scenes().get(1);
    assertNotEquals(first.color(), second.color());
    assertEquals(
        first,
        new ShapeScene(
            first.shown(),
            first.color(),
            second.background(),
            second.x(),
            second.y(),
            second.radius()));
  }

  private static boolean onlyColor(List<Attributes> images) {
    Attributes from = images.get(0);
    Attributes to = images.get(1);
    return from.color() != to.color()
        && from.equals(
            new Attributes(to.shape(), from.color(), to.background(), to.size(), to.position()));
  }

  @Test
  void answersAreBalanced() {
    int blocks = 1000;
    List<WorldQuestion> asked =
        examples(36 * blocks, world::imageQuestion).map(each -> each.turns().get(0)).toList();
    Map<Kind, Long> kinds = counts(asked, WorldQuestion::kind);
    assertEquals(10, kinds.size());
    kinds.forEach((kind, n) -> assertEquals((kind.yesOrNo() ? 6 : 3) * blocks, n, kind::toString));
    assertEquals(12 * blocks, counts(asked, WorldQuestion::language).get(Language.CHINESE));
    Map<String, Long> places = answers(asked, Kind.PLACE, Language.ENGLISH);
    assertEquals(5, places.size());
    places.forEach((answer, n) -> assertEquals(0.4 * blocks, n, 0.05 * blocks, places::toString));
    Map<String, Long> sizes = answers(asked, Kind.SIZE, Language.CHINESE);
    sizes.forEach((answer, n) -> assertEquals(0.5 * blocks, n, 0.05 * blocks, sizes::toString));
  }

  /** Neither the kind of question nor the word in it tells the answer. */
  @Test
  void whatIsAskedAboutDoesNotTellYesFromNo() {
    Map<String, List<WorldQuestion>> bySubject =
        examples(36_000, world::imageQuestion)
            .map(each -> each.turns().get(0))
            .filter(each -> each.kind().yesOrNo())
            .collect(Collectors.groupingBy(WorldTest::subject));
    assertEquals(24, bySubject.size());
    bySubject.forEach(
        (subject, those) -> {
          long yes =
              those.stream().filter(each -> Set.of("Yes.", "是。").contains(each.answer())).count();
          assertEquals(0.5, yes / (double) those.size(), 0.1, subject);
        });
  }

  private static String subject(WorldQuestion question) {
    return question.text().replaceAll("(?:Is it|Is the shape) (.*)\\?|它是(.*)吗.", "$1$2");
  }

  private static Map<String, Long> answers(
      List<WorldQuestion> asked, Kind kind, Language language) {
    return counts(
        asked.stream().filter(each -> each.kind() == kind && each.language() == language).toList(),
        WorldQuestion::answer);
  }

  private static <T, K> Map<K, Long> counts(List<T> of, Function<T, K> by) {
    return of.stream().collect(Collectors.groupingBy(by, TreeMap::new, Collectors.counting()));
  }

  @Test
  void chatsHaveTurnsOfEveryNumberAndOneLanguage() {
    List<ChatExample> chats =
        Stream.of(
                examples(300, world::imageChat),
                examples(300, world::videoChat),
                examples(300, world::smallTalk))
            .flatMap(each -> each)
            .toList();
    for (ChatExample chat : chats) {
      assertEquals(1, counts(chat.turns(), WorldQuestion::language).size());
      assertEquals(
          chat.turns().size(),
          chat.turns().stream().map(WorldQuestion::text).distinct().count(),
          chat.turns()::toString);
    }
    assertEquals(Set.of(2, 3, 4), turns(chats.subList(0, 300)));
    assertEquals(Set.of(2, 3, 4), turns(chats.subList(300, 600)));
    assertEquals(Set.of(1, 2, 3, 4), turns(chats.subList(600, 900)));
    assertEquals(
        SmallTalk.PHRASES.size(),
        chats.subList(600, 620).stream().map(each -> each.turns().get(0)).distinct().count());
  }

  private static Set<Integer> turns(List<ChatExample> chats) {
    return chats.stream().map(each -> each.turns().size()).collect(Collectors.toSet());
  }

  @Test
  void anExampleIsTheSameWhateverWasDrawnBefore() {
    List<Function<World, List<?>>> kinds =
        List.of(
            of -> examples(40, of::drawing).toList(),
            of -> examples(40, of::imageQuestion).toList(),
            of -> examples(40, of::imageChat).toList(),
            of -> examples(40, of::video).toList(),
            of -> examples(40, of::videoQuestion).toList(),
            of -> examples(40, of::videoChat).toList(),
            of -> examples(40, of::story).toList(),
            of -> examples(40, of::smallTalk).toList());
    kinds.forEach(
        kind -> {
          assertEquals(kind.apply(world), kind.apply(new World(7)));
          assertNotEquals(kind.apply(world), kind.apply(new World(8)));
        });
    World fresh = new World(7);
    for (int i = 39; i >= 0; i--) {
      assertEquals(world.imageChat(i), fresh.imageChat(i));
      assertEquals(world.story(i), fresh.story(i));
    }
  }

  @Test
  void aSceneIsTheSamePixelsEachTime() {
    ShapeScene scene = world.drawing(3).scene();
    assertArrayEquals(pixels(scene.draw()), pixels(new World(7).drawing(3).scene().draw()));
  }

  private static int[] pixels(BufferedImage image) {
    return image.getRGB(0, 0, ShapeScene.SIDE, ShapeScene.SIDE, null, 0, ShapeScene.SIDE);
  }

  private interface Source<T> {
    T at(long index);
  }

  private static <T> Stream<T> examples(int count, Source<T> source) {
    return LongStream.range(0, count).mapToObj(source::at);
  }
}
