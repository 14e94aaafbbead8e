package dev.showo2.samples.cli;

import com.google.gson.JsonObject;
import dev.showo2.samples.demo.DemoTask;
import dev.showo2.samples.demo.DemoTraining;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Trains the demo model from nothing. */
@Command(
    name = "train-demo",
    description = {
      "Trains a model of the demo model's sizes from nothing on the world of colored shapes, which"
          + " it draws meanwhile: images, questions about them, chats, stories, videos, and"
          + " questions about videos. The VAE and the tokenizer are those of the demo model.",
      "Prints by which factors the two losses fell, and how far in each task. The folder gets the checkpoints of the run,"
          + " metrics.csv, metrics.jsonl and curves.png, and in the end "
          + DemoTraining.CHECKPOINT
          + " in the released layout, its "
          + DemoTraining.BUNDLE
          + " and "
          + DemoTraining.IMAGE
          + ", which it drew.",
      "Ctrl-C writes a checkpoint and ends; --resume goes on from the newest one."
    })
final class TrainDemoCommand implements Callable<Integer> {

  private static final long STEPS = 600;

  private static final int MOST_MINUTES = 100_000;

  /** A step may take so long, and the checkpoint behind it. */
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final CliContext context;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Folder of the run; must not exist, or be empty, unless --resume is given.")
  private Path out;

  @ArgGroup(exclusive = true)
  private End end;

  /** The end of the training, by steps or time. */
  private static final class End {

    @Option(
        names = "--steps",
        paramLabel = "N",
        description =
            "Updates of the weights, at least 1; the rate falls along a cosine. Default: " + STEPS)
    private Long steps;

    @Option(
        names = "--minutes",
        paramLabel = "N",
        description = "Time of the steps, more than 0; the rate stays.")
    private Double minutes;
  }

  @Option(
      names = "--seed",
      paramLabel = "N",
      converter = Seeds.class,
      defaultValue = "0",
      description = "Of weights, world, noise and order. Default: ${DEFAULT-VALUE}")
  private long seed;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads of one computation; without it, the backend decides.")
  private Integer threads;

  @Option(
      names = "--tasks",
      paramLabel = "TASK",
      split = ",",
      description =
          "Tasks that are trained, of images (with questions), chats, stories, videos and"
              + " video-questions; images are six steps of ten. Default: all")
  private List<String> tasks;

  @Option(names = "--resume", description = "Go on with the run in the folder.")
  private boolean resume;

  @Mixin private ResultOptions result;

  @Spec private CommandSpec command;

  TrainDemoCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    DemoTraining.Length length = length();
    if (threads != null && threads < 1) {
      throw refused("--threads: at least 1 is needed, found " + threads);
    }
    Set<DemoTask> chosen = tasks();
    if (resume) {
      InputPath.requireModel(out, "--out: no run in", command);
    } else {
      OutputFile.requireNewFolder(out, "--out", command);
    }
    DemoTraining.Settings settings =
        new DemoTraining.Settings(out, length, seed, chosen, Optional.ofNullable(threads));
    CliContext around = result.around(context);
    DemoCourse course = new DemoCourse(around, length.time(), settings.mix());
    DemoTraining.Outcome outcome;
    Interruption.allow(PATIENCE);
    try (ExportProgress progress = new ExportProgress(around)) {
      outcome = new DemoTraining(settings, course, progress).run(resume);
    }
    print(outcome, course);
    if (outcome.stopped()) {
      around.note("showo2: interrupted; go on with the same and --resume");
      return ExitCode.INTERRUPTED;
    }
    return ExitCode.OK;
  }

  private DemoTraining.Length length() {
    if (end != null && end.minutes != null) {
      if (!(end.minutes > 0 && end.minutes <= MOST_MINUTES)) {
        throw refused(
            "--minutes: more than 0 and at most "
                + MOST_MINUTES
                + " are needed, found "
                + end.minutes);
      }
      return DemoTraining.Length.ofTime(Duration.ofMillis((long) Math.ceil(end.minutes * 60_000)));
    }
    long steps = end == null ? STEPS : end.steps;
    if (steps < 1) {
      throw refused("--steps: at least 1 is needed, found " + steps);
    }
    return DemoTraining.Length.ofSteps(steps);
  }

  private Set<DemoTask> tasks() {
    if (tasks == null) {
      return EnumSet.allOf(DemoTask.class);
    }
    Set<DemoTask> chosen = EnumSet.noneOf(DemoTask.class);
    for (String key : tasks) {
      chosen.add(
          Arrays.stream(DemoTask.values())
              .filter(each -> each.key().equals(key))
              .findFirst()
              .orElseThrow(
                  () ->
                      refused(
                          "--tasks: expected some of "
                              + Arrays.stream(DemoTask.values())
                                  .map(DemoTask::key)
                                  .collect(Collectors.joining(", "))
                              + "; found '"
                              + key
                              + "'")));
    }
    return chosen;
  }

  private void print(DemoTraining.Outcome outcome, DemoCourse course) {
    if (result.json()) {
      JsonObject json = course.json();
      json.addProperty("folder", OutputFile.absolute(out).toString());
      json.addProperty("steps", outcome.steps());
      json.addProperty("stopped", outcome.stopped());
      ResultOptions.print(json, context.out());
      return;
    }
    context.out().print(course.text());
    context
        .out()
        .println(
            outcome.stopped()
                ? "Stopped behind step " + outcome.steps()
                : "Trained " + outcome.steps() + " steps: " + OutputFile.absolute(out));
  }

  private ParameterException refused(String message) {
    return new ParameterException(command.commandLine(), message);
  }
}
