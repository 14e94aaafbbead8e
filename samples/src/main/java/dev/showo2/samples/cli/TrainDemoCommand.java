package dev.showo2.samples.cli;

import com.google.gson.JsonObject;
import dev.showo2.samples.demo.DemoTraining;
import dev.showo2.train.TrainingListener;
import dev.showo2.train.TrainingStep;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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
          + " it draws meanwhile. The VAE and the tokenizer are those of the demo model.",
      "Prints by which factors the two losses fell. The folder gets the checkpoints of the run,"
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
    if (resume) {
      InputPath.requireModel(out, "--out: no run in", command);
    } else {
      OutputFile.requireNewFolder(out, "--out", command);
    }
    CliContext around = result.around(context);
    Course course = new Course(around, length.time());
    DemoTraining.Outcome outcome;
    Interruption.allow(PATIENCE);
    try (ExportProgress progress = new ExportProgress(around)) {
      outcome =
          new DemoTraining(
                  new DemoTraining.Settings(out, length, seed, Optional.ofNullable(threads)),
                  course,
                  progress)
              .run(resume);
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

  private void print(DemoTraining.Outcome outcome, Course course) {
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

  /** Shows the steps, and compares the first ones of this process with the last ones. */
  private static final class Course implements TrainingListener {

    /** Of which means are taken; half of all if there are fewer than twice as many. */
    private static final int MOST_COMPARED = 50;

    private static final long INTERVAL = Duration.ofSeconds(10).toNanos();

    private final CliContext context;
    private final Optional<Duration> time;
    private final Map<String, List<Double>> losses = new LinkedHashMap<>();
    private long begun;
    private long shown;
    private int steps;

    Course(CliContext context, Optional<Duration> time) {
      this.context = context;
      this.time = time;
    }

    @Override
    public void started(long done, long total) {
      begun = System.nanoTime();
      shown = begun;
    }

    @Override
    public void step(TrainingStep step) {
      steps++;
      step.losses()
          .forEach((name, loss) -> losses.computeIfAbsent(name, n -> new ArrayList<>()).add(loss));
      if (System.nanoTime() - shown >= INTERVAL) {
        shown = System.nanoTime();
        context.note(line(step));
      }
    }

    private String line(TrainingStep step) {
      Duration remaining =
          time.map(limit -> limit.minusNanos(shown - begun)).orElse(step.remaining());
      return "step "
          + step.number()
          + (time.isPresent() ? "" : " of " + step.total())
          + step.losses().entrySet().stream()
              .map(each -> String.format(Locale.ROOT, ", %s %.4f", named(each), each.getValue()))
              .collect(Collectors.joining())
          + ", "
          + RemainingTime.clockTime(Math.max(0, remaining.toSeconds()))
          + " left";
    }

    private static String named(Map.Entry<String, ?> loss) {
      return loss.getKey().replace('_', ' ');
    }

    private int compared() {
      return Math.min(MOST_COMPARED, Math.max(1, steps / 2));
    }

    private double first(List<Double> values) {
      return mean(values.subList(0, compared()));
    }

    private double last(List<Double> values) {
      return mean(values.subList(values.size() - compared(), values.size()));
    }

    private static double mean(List<Double> values) {
      return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }

    JsonObject json() {
      JsonObject json = new JsonObject();
      json.addProperty("compared", steps == 0 ? 0 : compared());
      losses.forEach(
          (name, values) -> {
            JsonObject loss = new JsonObject();
            loss.addProperty("first", first(values));
            loss.addProperty("last", last(values));
            json.add(name, loss);
          });
      return json;
    }

    String text() {
      return losses.entrySet().stream()
          .map(
              each ->
                  String.format(
                      Locale.ROOT,
                      "%s: %.4f in the first %d steps, %.4f in the last, a factor of %.2f%n",
                      named(each),
                      first(each.getValue()),
                      compared(),
                      last(each.getValue()),
                      first(each.getValue()) / last(each.getValue())))
          .collect(Collectors.joining());
    }
  }
}
