package dev.showo2.samples.cli;

import com.google.gson.JsonObject;
import dev.showo2.demo.world.generate.World;
import dev.showo2.model.internal.PendingFolder;
import dev.showo2.samples.demo.WorldFiles;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Writes the world of the demo model as data to train with. */
@Command(
    name = "demo-data",
    description = {
      "Draws the world of colored shapes that the demo model knows, and writes it as data to train"
          + " with, in the formats of the official scripts: "
          + WorldFiles.PROMPTS
          + ", "
          + WorldFiles.CAPTIONS
          + " of the same images, "
          + WorldFiles.QUESTIONS
          + ", "
          + WorldFiles.VIDEOS
          + ", "
          + WorldFiles.VIDEO_QUESTIONS
          + " and "
          + WorldFiles.STORIES
          + ", with their images as PNG files. English and Chinese.",
      "The same seed and number give the same files. The folder appears when it is complete; after a"
          + " failure nothing of it is left."
    })
final class DemoDataCommand implements Callable<Integer> {

  /** An example takes about thirty files. */
  private static final long MOST = 100_000;

  private final CliContext context;

  @Mixin private OutputFolder out;

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "1000",
      description =
          "Prompts, questions on images, chats on images, chats without, videos, chats on videos,"
              + " and stories: N each, 1 to "
              + MOST
              + ". Default: ${DEFAULT-VALUE}")
  private long count;

  @Option(
      names = "--seed",
      paramLabel = "N",
      converter = Seeds.class,
      defaultValue = "0",
      description = "Of all examples. Default: ${DEFAULT-VALUE}")
  private long seed;

  @Mixin private ResultOptions result;

  @Spec private CommandSpec command;

  DemoDataCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    if (count < 1 || count > MOST) {
      throw new ParameterException(
          command.commandLine(), "--count: 1 to " + MOST + " are needed, found " + count);
    }
    out.require();
    try (PendingFolder folder = PendingFolder.create(out.path())) {
      try (Progress progress =
          Progress.start(
              result.around(context), "drawing", Progress.Unit.STEPS, WorldFiles.PARTS * count)) {
        WorldFiles.write(
            new World(seed),
            count,
            folder.working(),
            done -> {
              Interruption.check();
              progress.to(done);
            });
      }
      folder.commit();
    }
    if (result.json()) {
      JsonObject json = new JsonObject();
      json.addProperty("folder", OutputFile.absolute(out.path()).toString());
      json.addProperty("seed", Seeds.number(seed));
      json.addProperty("examples", WorldFiles.PARTS * count);
      ResultOptions.print(json, context.out());
    } else {
      context
          .out()
          .println(
              "Wrote "
                  + OutputFile.absolute(out.path())
                  + " ("
                  + WorldFiles.PARTS * count
                  + " examples, seed "
                  + Seeds.text(seed)
                  + ")");
    }
    return ExitCode.OK;
  }
}
