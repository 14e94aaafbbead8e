package dev.showo2.samples.cli;

import dev.showo2.ShowO2;
import dev.showo2.pipeline.GeneratedImage;
import dev.showo2.pipeline.TextToImageRequest;
import dev.showo2.sampler.Solver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Draws a picture. */
@Command(
    name = "generate",
    description = {
      "Draws a picture from a prompt and writes it as a PNG file that carries its settings.",
      "What is left open is taken from the model's recommended settings."
    })
final class GenerateCommand implements Callable<Integer> {

  private final Surroundings surroundings;

  @Parameters(
      paramLabel = "PROMPT",
      description = "What to draw, in English or Chinese; in quotes if it has several words.")
  private String prompt;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      defaultValue = "showo2.png",
      description = "PNG file to write; one that is there is replaced. Default: ${DEFAULT-VALUE}")
  private Path out;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of the noise: the same seed gives the same picture.")
  private Long seed;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Time points, at least 2: more take longer and draw finer.")
  private Integer steps;

  @Option(
      names = "--guidance",
      paramLabel = "G",
      description = "How closely to follow the prompt, from 0 (not guided, twice as fast) up.")
  private Float guidance;

  @Option(
      names = "--solver",
      paramLabel = "S",
      description = "euler, midpoint, heun3, rk4 or dopri5.")
  private String solver;

  @Option(names = "--width", paramLabel = "W", description = "In pixels.")
  private Integer width;

  @Option(names = "--height", paramLabel = "H", description = "In pixels.")
  private Integer height;

  @Mixin private ModelOptions options;

  @Spec private CommandSpec command;

  GenerateCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    TextToImageRequest request = request();
    requireWritable();
    GeneratedImage picture;
    try (ShowO2 model = options.open(surroundings);
        Drawing drawing = new Drawing(surroundings)) {
      picture = model.textToImage().generate(request, drawing);
    }
    picture.savePng(out);
    Path file = out.toAbsolutePath().normalize();
    surroundings.out().println("Wrote " + file + " (seed " + picture.seed() + ")");
    return ExitCode.OK;
  }

  private TextToImageRequest request() {
    TextToImageRequest.Builder request = TextToImageRequest.builder(prompt);
    ifGiven(seed, request::seed);
    ifGiven(steps, request::steps);
    ifGiven(guidance, request::guidanceScale);
    ifGiven(solver, id -> request.solver(Solver.ofId(id)));
    ifGiven(width, request::width);
    ifGiven(height, request::height);
    return request.build();
  }

  private static <T> void ifGiven(T value, Consumer<T> setting) {
    if (value != null) {
      setting.accept(value);
    }
  }

  /** Found now, and not when a long drawing is done. */
  private void requireWritable() {
    Path folder = out.toAbsolutePath().normalize().getParent();
    if (Files.isDirectory(out)) {
      throw new ParameterException(
          command.commandLine(), "--out: " + out + " is a folder; name a file in it");
    }
    if (Files.exists(out) && !Files.isRegularFile(out)) {
      throw new ParameterException(
          command.commandLine(), "--out: " + out + " is no plain file; name another");
    }
    if (folder == null || !Files.isDirectory(folder)) {
      throw new ParameterException(
          command.commandLine(), "--out: there is no folder " + folder + "; make it first");
    }
    if (!Files.isWritable(folder)) {
      throw new ParameterException(
          command.commandLine(), "--out: the folder " + folder + " cannot be written to");
    }
  }
}
