package dev.showo2.demo.world.generate;

import dev.showo2.demo.world.Attributes;
import dev.showo2.demo.world.Attributes.Background;
import dev.showo2.demo.world.Attributes.Color;
import dev.showo2.demo.world.Attributes.Position;
import dev.showo2.demo.world.Attributes.Shape;
import dev.showo2.demo.world.Attributes.Size;
import dev.showo2.demo.world.ImageQuestions;
import dev.showo2.demo.world.Language;
import dev.showo2.demo.world.Mention;
import dev.showo2.demo.world.Motion;
import dev.showo2.demo.world.Motion.Direction;
import dev.showo2.demo.world.MotionGrammar;
import dev.showo2.demo.world.MotionGrammar.MotionPrompt;
import dev.showo2.demo.world.PromptGrammar.DemoPrompt;
import dev.showo2.demo.world.SmallTalk;
import dev.showo2.demo.world.StoryGrammar;
import dev.showo2.demo.world.StoryGrammar.StoryPrompt;
import dev.showo2.demo.world.VideoQuestions;
import dev.showo2.demo.world.WorldQuestion;
import dev.showo2.demo.world.WorldQuestion.Kind;
import dev.showo2.demo.world.generate.Draws.Part;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apiguardian.api.API;

/**
 * An endless world of colored shapes, in which example i of each kind depends on the seed and i
 * alone. Every third example is Chinese. Immutable and thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class World {

  private static final int SPEED = 3;

  /** The largest distance from the middle of a way to that of the image, along the way. */
  private static final double ALONG_RANGE = 8;

  /** Of a chat; the first included. */
  private static final int MOST_TURNS = 4;

  /** All that an image can show. */
  private static final List<Attributes> CONTENTS = contents();

  /**
   * Questions about images as they are dealt: two English for a Chinese one, yes as often as no.
   */
  private record Slot(Kind kind, Language language, boolean yes) {}

  private static final List<Slot> SLOTS = slots();

  private final Draws drawings;
  private final Draws contents;
  private final Draws questions;
  private final Draws imageChats;
  private final Draws videos;
  private final Draws videoContents;
  private final Draws videoChats;
  private final Draws stories;
  private final Draws smallTalks;

  /**
   * Opens a world.
   *
   * @param seed decides on all examples
   */
  public World(long seed) {
    drawings = new Draws(seed, Part.DRAWING);
    contents = new Draws(seed, Part.CONTENT);
    questions = new Draws(seed, Part.QUESTION);
    imageChats = new Draws(seed, Part.IMAGE_CHAT);
    videos = new Draws(seed, Part.VIDEO);
    videoContents = new Draws(seed, Part.VIDEO_CONTENT);
    videoChats = new Draws(seed, Part.VIDEO_CHAT);
    stories = new Draws(seed, Part.STORY);
    smallTalks = new Draws(seed, Part.SMALL_TALK);
  }

  /**
   * Draws an image for a prompt that says about half of what it shows, as those that the demo is
   * measured with.
   *
   * @param index 0 or more
   * @return the example of this index
   */
  public DrawingExample drawing(long index) {
    Random random = drawings.random(index);
    Mention mention = Mention.random(random);
    Language language = language(drawings, index);
    String text = mention.prompt(language, random);
    boolean sentence = random.nextInt(4) == 0;
    DemoPrompt prompt =
        new DemoPrompt(
            sentence ? Character.toUpperCase(text.charAt(0)) + text.substring(1) : text,
            language,
            mention.expected());
    return new DrawingExample(prompt, ShapeScene.of(prompt.expected(), random));
  }

  /**
   * Asks a question about an image. All combinations of attributes and all kinds of questions are
   * dealt equally often, those for yes or no once with each answer.
   *
   * @param index 0 or more
   * @return a chat of one turn
   */
  public ChatExample imageQuestion(long index) {
    Random random = questions.random(index);
    ShapeScene scene = scene(contents, index, random);
    WorldQuestion question = question(questions, index, scene.shown(), random);
    return new ChatExample(List.of(scene), List.of(question));
  }

  /**
   * Asks several questions about an image, each of another kind.
   *
   * @param index 0 or more
   * @return a chat of 2 to 4 turns, all in one language
   */
  public ChatExample imageChat(long index) {
    Random random = imageChats.random(index);
    ShapeScene scene = scene(imageChats, index, random);
    List<WorldQuestion> turns = new ArrayList<>();
    turns.add(question(imageChats, index, scene.shown(), random));
    Language language = turns.get(0).language();
    List<Kind> kinds = new ArrayList<>(ImageQuestions.KINDS);
    kinds.remove(turns.get(0).kind());
    Collections.shuffle(kinds, random);
    for (Kind kind : kinds.subList(0, 1 + random.nextInt(MOST_TURNS - 1))) {
      turns.add(ImageQuestions.ask(kind, scene.shown(), language, random.nextBoolean(), random));
    }
    return new ChatExample(List.of(scene), turns);
  }

  /**
   * Draws a video for a prompt.
   *
   * @param index 0 or more
   * @return the example of this index
   */
  public VideoExample video(long index) {
    Random random = videos.random(index);
    Direction direction = Direction.values()[videos.dealt(index, Direction.values().length)];
    MotionPrompt prompt = MotionGrammar.prompt(language(videos, index), direction, random);
    return new VideoExample(prompt, frames(prompt.expected(), random));
  }

  /**
   * Asks a question about a video.
   *
   * @param index 0 or more
   * @return a chat of one turn
   */
  public ChatExample videoQuestion(long index) {
    return videoChat(videoContents, index, 1);
  }

  /**
   * Asks several questions about a video, each of another kind.
   *
   * @param index 0 or more
   * @return a chat of 2 turns or more, all in one language
   */
  public ChatExample videoChat(long index) {
    return videoChat(videoChats, index, MOST_TURNS);
  }

  private static ChatExample videoChat(Draws draws, long index, int mostTurns) {
    Random random = draws.random(index);
    Direction direction = Direction.values()[draws.dealt(index, Direction.values().length)];
    Language language = language(draws, index);
    Motion shown = MotionGrammar.prompt(language, direction, random).expected();
    List<ShapeScene> frames = frames(shown, random);
    List<Kind> kinds = new ArrayList<>(VideoQuestions.kinds(language));
    Collections.shuffle(kinds, random);
    int most = Math.min(mostTurns, kinds.size());
    int turns = most == 1 ? 1 : 2 + random.nextInt(most - 1);
    return new ChatExample(
        frames,
        kinds.subList(0, turns).stream()
            .map(kind -> VideoQuestions.ask(kind, shown, language, random))
            .toList());
  }

  /**
   * Tells a story of two or three images.
   *
   * @param index 0 or more
   * @return the example of this index
   */
  public StoryExample story(long index) {
    Random random = stories.random(index);
    int changes = random.nextInt(4) == 3 ? 2 : 1;
    StoryPrompt prompt = StoryGrammar.prompt(language(stories, index), changes, random);
    ShapeScene first = ShapeScene.of(prompt.images().get(0), random);
    return new StoryExample(prompt, prompt.images().stream().map(first::with).toList());
  }

  /**
   * Talks without an image.
   *
   * @param index 0 or more
   * @return a chat of 1 to 4 turns, all in one language
   */
  public ChatExample smallTalk(long index) {
    Random random = smallTalks.random(index);
    WorldQuestion first = SmallTalk.PHRASES.get(smallTalks.dealt(index, SmallTalk.PHRASES.size()));
    List<WorldQuestion> others = new ArrayList<>(SmallTalk.in(first.language()));
    others.remove(first);
    Collections.shuffle(others, random);
    List<WorldQuestion> turns = new ArrayList<>(List.of(first));
    turns.addAll(others.subList(0, random.nextInt(MOST_TURNS)));
    return new ChatExample(List.of(), turns);
  }

  private static ShapeScene scene(Draws draws, long index, Random random) {
    return ShapeScene.of(CONTENTS.get(draws.dealt(index, CONTENTS.size())), random);
  }

  private static WorldQuestion question(Draws draws, long index, Attributes shown, Random random) {
    Slot slot = SLOTS.get(draws.dealt(index, SLOTS.size()));
    return ImageQuestions.ask(slot.kind(), shown, slot.language(), slot.yes(), random);
  }

  private static Language language(Draws draws, long index) {
    return draws.dealt(index, 3) == 2 ? Language.CHINESE : Language.ENGLISH;
  }

  /** Through one of the five places or past it, as the demo's training videos. */
  private static List<ShapeScene> frames(Motion motion, Random random) {
    boolean horizontal = motion.direction().dx() != 0;
    Position[] ways =
        horizontal
            ? new Position[] {Position.TOP, Position.CENTER, Position.BOTTOM}
            : new Position[] {Position.LEFT, Position.CENTER, Position.RIGHT};
    ShapeScene middle =
        ShapeScene.of(
            new Attributes(
                motion.shape(),
                motion.color(),
                motion.background(),
                motion.size(),
                ways[random.nextInt(ways.length)]),
            random);
    double along = (2 * random.nextDouble() - 1) * ALONG_RANGE;
    return IntStream.range(0, VideoExample.FRAMES)
        .mapToDouble(frame -> SPEED * (frame - VideoExample.FRAMES / 2) + along)
        .mapToObj(way -> middle.moved(way * motion.direction().dx(), way * motion.direction().dy()))
        .toList();
  }

  private static List<Attributes> contents() {
    List<Attributes> all = new ArrayList<>();
    for (Shape shape : Shape.values()) {
      for (Color color : Color.values()) {
        for (Background background : Background.values()) {
          for (Size size : Size.values()) {
            for (Position position : Position.values()) {
              if (!background.hides(color)) {
                all.add(new Attributes(shape, color, background, size, position));
              }
            }
          }
        }
      }
    }
    return List.copyOf(all);
  }

  private static List<Slot> slots() {
    List<Slot> slots = new ArrayList<>();
    for (Language language : List.of(Language.ENGLISH, Language.ENGLISH, Language.CHINESE)) {
      for (Kind kind : ImageQuestions.KINDS) {
        slots.add(new Slot(kind, language, true));
        if (kind.yesOrNo()) {
          slots.add(new Slot(kind, language, false));
        }
      }
    }
    return List.copyOf(slots);
  }
}
