package dev.showo2.samples.demo;

import dev.showo2.demo.world.WorldQuestion;
import dev.showo2.demo.world.generate.ChatExample;
import dev.showo2.demo.world.generate.DrawingExample;
import dev.showo2.demo.world.generate.StoryExample;
import dev.showo2.demo.world.generate.VideoExample;
import dev.showo2.demo.world.generate.World;
import dev.showo2.train.data.Example;
import dev.showo2.train.data.ExampleMedia;
import dev.showo2.train.data.ExampleSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Examples of the world of colored shapes for training, drawn when they are asked for. */
final class WorldExamples implements ExampleSource {

  /** Frames a second of all videos, so that a row takes each frame. */
  static final double FRAME_RATE = 8;

  /** Parts of the world as rows are made of them. */
  enum Part {
    DRAWINGS(Part::drawing),
    QUESTIONS((world, index) -> dialog(world.imageQuestion(index))),
    IMAGE_CHATS((world, index) -> dialog(world.imageChat(index))),
    SMALL_TALK((world, index) -> dialog(world.smallTalk(index))),
    STORIES(Part::story),
    VIDEOS((world, index) -> video(world.video(index))),
    /** Of other indices than {@link #VIDEOS}. */
    ANIMATIONS((world, index) -> video(world.video(index + Part.ANIMATIONS_FROM))),
    VIDEO_QUESTIONS((world, index) -> dialog(world.videoQuestion(index))),
    VIDEO_CHATS((world, index) -> dialog(world.videoChat(index)));

    private static final long ANIMATIONS_FROM = 1 << 20;

    private final Drawer drawer;

    Part(Drawer drawer) {
      this.drawer = drawer;
    }

    private interface Drawer {
      Example draw(World world, long index);
    }

    Example example(World world, long index) {
      return drawer.draw(world, index);
    }

    /** {@return such as "image-chats"} */
    String key() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static Example drawing(World world, long index) {
      DrawingExample drawing = world.drawing(index);
      return new Example.Captioned(
          drawing.prompt().text(), ExampleMedia.of(drawing.scene().draw()));
    }

    private static Example story(World world, long index) {
      StoryExample story = world.story(index);
      return new Example.Illustrated(
          WorldFiles.captions(story), story.draw().stream().map(ExampleMedia::of).toList());
    }

    private static Example video(VideoExample video) {
      return new Example.Captioned(
          video.prompt().text(), ExampleMedia.of(video.draw(), FRAME_RATE));
    }

    private static Example dialog(ChatExample chat) {
      boolean seen = !chat.seen().isEmpty();
      List<Example.Turn> turns = new ArrayList<>();
      for (WorldQuestion question : chat.turns()) {
        // The image comes right before the first question, as when the model is asked.
        String placeholder = seen && turns.isEmpty() ? "<image>" : "";
        turns.add(new Example.Turn(true, placeholder + question.text()));
        turns.add(new Example.Turn(false, question.answer()));
      }
      return new Example.Dialog(
          turns, seen ? Optional.of(ExampleMedia.of(chat.draw(), FRAME_RATE)) : Optional.empty());
    }
  }

  private final World world;
  private final long seed;
  private final Part part;
  private final long size;

  /**
   * @param seed of the world
   * @param size of a pass
   */
  WorldExamples(long seed, Part part, long size) {
    this.world = new World(seed);
    this.seed = seed;
    this.part = part;
    this.size = size;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public Example read(long index) {
    return part.example(world, index);
  }

  @Override
  public String origin(long index) {
    return part.key() + " " + index;
  }

  @Override
  public String fingerprint() {
    return "world of colored shapes, seed " + seed + ", " + part + ", " + size;
  }

  @Override
  public void close() {
    // Nothing is open.
  }
}
