package dev.showo2.samples.cli;

import com.google.gson.JsonObject;
import dev.showo2.train.data.DataReport;
import dev.showo2.train.recipe.Recipes;
import dev.showo2.train.recipe.Training;
import dev.showo2.train.recipe.TrainingConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Trains a model. */
@Command(
    name = "train",
    description = {
      "Trains a checkpoint or bundle as a configuration says: --recipe prints one to begin with.",
      "The folder of the run gets checkpoints, metrics.csv, metrics.jsonl, curves.png, samples, and"
          + " in the end the result: a checkpoint in the released layout, or a LoRA adapter.",
      "Ctrl-C writes a checkpoint and ends; --resume goes on from the newest one, to the bit."
    })
final class TrainCommand implements Callable<Integer> {

  /** A step may take so long, and the checkpoint behind it. */
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final CliContext context;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "CONFIG",
      description = "Configuration in YAML; paths in it are relative to its folder.")
  private Path config;

  @Option(
      names = "--resume",
      paramLabel = "DIR",
      description = "Go on with the run in this folder.")
  private Path resumed;

  @Option(
      names = "--dry-run",
      description =
          "Train nothing: print what the first rows of each loader become, token by token, and"
              + " counts of all rows.")
  private boolean dryRun;

  @Option(
      names = "--rows",
      paramLabel = "N",
      defaultValue = "2",
      description = "Rows of each loader that --dry-run prints. Default: ${DEFAULT-VALUE}")
  private int rows;

  @Option(
      names = "--recipe",
      paramLabel = "NAME",
      description =
          "Print a recipe to copy and change: stage-one-a, stage-one-b, stage-two-a, stage-two-b,"
              + " stage-two-c, stories or lora.")
  private String recipe;

  @Mixin private ResultOptions result;

  @Spec private CommandSpec command;

  TrainCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    if (Stream.of(config, resumed, recipe).filter(each -> each != null).count() != 1) {
      throw refused("name one of CONFIG, --resume DIR and --recipe NAME");
    }
    if (dryRun && config == null) {
      throw refused("--dry-run needs CONFIG");
    }
    if (rows < 0) {
      throw refused("--rows: 0 or more is needed, found " + rows);
    }
    if (recipe != null) {
      context.out().print(Recipes.text(recipe));
      return ExitCode.OK;
    }
    if (resumed != null) {
      InputPath.require(resumed, "--resume", command);
    } else {
      InputPath.require(config, "CONFIG", command);
    }
    return dryRun ? showRows() : train();
  }

  private int showRows() throws IOException {
    StringBuilder nothing = new StringBuilder();
    DataReport report =
        Training.dryRun(
            TrainingConfig.read(config),
            result.json() ? nothing : context.out(),
            result.json() ? 0 : rows);
    if (result.json()) {
      ResultOptions.print(json(report), context.out());
    }
    return ExitCode.OK;
  }

  private int train() throws IOException {
    CliContext notes = result.around(context);
    Training.Outcome outcome;
    Interruption.allow(PATIENCE);
    try (TrainingProgress progress = new TrainingProgress(notes);
        ExportProgress export = new ExportProgress(notes)) {
      outcome =
          resumed == null
              ? Training.start(TrainingConfig.read(config), progress, export)
              : Training.resume(resumed, progress, export);
    }
    if (result.json()) {
      JsonObject json = json(outcome.data());
      json.addProperty("steps", outcome.run().steps());
      json.addProperty("stopped", outcome.run().stopped());
      json.addProperty("checkpoint", outcome.run().checkpoint().toString());
      outcome.result().ifPresent(path -> json.addProperty("result", path.toString()));
      ResultOptions.print(json, context.out());
    } else {
      context.out().print(outcome.data().text());
      context
          .out()
          .println(
              outcome
                  .result()
                  .map(path -> "trained " + outcome.run().steps() + " steps: " + path)
                  .orElse("stopped behind step " + outcome.run().steps()));
    }
    if (outcome.run().stopped()) {
      Path folder = outcome.run().checkpoint().getParent();
      notes.note("showo2: interrupted; go on with: showo2 train --resume " + folder);
      return ExitCode.INTERRUPTED;
    }
    return ExitCode.OK;
  }

  private static JsonObject json(DataReport report) {
    JsonObject json = new JsonObject();
    json.addProperty("rows", report.rows());
    json.addProperty("skipped", report.skipped());
    JsonObject problems = new JsonObject();
    report
        .counts()
        .forEach(
            (problem, count) ->
                problems.addProperty(problem.name().toLowerCase(Locale.ROOT), count));
    json.add("problems", problems);
    return json;
  }

  private ParameterException refused(String message) {
    return new ParameterException(command.commandLine(), message);
  }
}
