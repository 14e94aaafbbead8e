package dev.showo2.samples.demo;

import dev.showo2.demo.world.WorldQuestion;
import dev.showo2.demo.world.generate.ChatExample;
import dev.showo2.demo.world.generate.DrawingExample;
import dev.showo2.demo.world.generate.World;
import dev.showo2.train.data.Example;
import dev.showo2.train.data.ExampleMedia;
import dev.showo2.train.data.ExampleSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Examples of the world of colored shapes for training, drawn when they are asked for. */
final class WorldExamples implements ExampleSource {

  /** Parts of the world as rows are made of them. */
  enum Part {
    DRAWINGS {
      @Override
      Example example(World world, long index) {
        DrawingExample drawing = world.drawing(index);
        return new Example.Captioned(
            drawing.prompt().text(), ExampleMedia.of(drawing.scene().draw()));
      }
    },
    QUESTIONS {
      @Override
      Example example(World world, long index) {
        ChatExample chat = world.imageQuestion(index);
        WorldQuestion question = chat.turns().get(0);
        // The image comes right before the question, as when the model is asked.
        return new Example.Dialog(
            List.of(
                new Example.Turn(true, "<image>" + question.text()),
                new Example.Turn(false, question.answer())),
            Optional.of(ExampleMedia.of(chat.draw().get(0))));
      }
    };

    abstract Example example(World world, long index);
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
    return part.name().toLowerCase(Locale.ROOT) + " " + index;
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
