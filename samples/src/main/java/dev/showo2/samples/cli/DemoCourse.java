package dev.showo2.samples.cli;

import com.google.gson.JsonObject;
import dev.showo2.samples.demo.DemoTask;
import dev.showo2.samples.demo.TaskMix;
import dev.showo2.train.TrainingListener;
import dev.showo2.train.TrainingStep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Shows the steps of a training of the demo, and compares the first of this process with the last.
 */
final class DemoCourse implements TrainingListener {

  private static final long INTERVAL = Duration.ofSeconds(10).toNanos();

  private final CliContext context;
  private final Optional<Duration> time;
  private final TaskMix mix;
  private final Losses all = new Losses();
  private final Map<DemoTask, Losses> ofTasks = new EnumMap<>(DemoTask.class);
  private long begun;
  private long shown;

  /**
   * @param time after which the run ends, if that is its end
   * @param mix says which task a step was of
   */
  DemoCourse(CliContext context, Optional<Duration> time, TaskMix mix) {
    this.context = context;
    this.time = time;
    this.mix = mix;
  }

  /** Losses of some steps, each of those in which it had something to count. */
  private static final class Losses {

    /** Of which means are taken; half of all if there are fewer than twice as many. */
    private static final int MOST_COMPARED = 50;

    private final Map<String, List<Double>> values = new LinkedHashMap<>();
    private int steps;

    void add(TrainingStep step) {
      steps++;
      step.losses()
          .forEach(
              (name, loss) -> {
                if (counted(step, name)) {
                  values.computeIfAbsent(name, n -> new ArrayList<>()).add(loss);
                }
              });
    }

    /** A step that has no labels, or draws nothing, has no such loss. */
    static boolean counted(TrainingStep step, String loss) {
      return (loss.equals("next_token") ? step.labels() : step.positions()) > 0;
    }

    static int compared(List<Double> values) {
      return Math.min(MOST_COMPARED, Math.max(1, values.size() / 2));
    }

    static double first(List<Double> values) {
      return mean(values.subList(0, compared(values)));
    }

    static double last(List<Double> values) {
      return mean(values.subList(values.size() - compared(values), values.size()));
    }

    private static double mean(List<Double> values) {
      return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }

    void addTo(JsonObject json) {
      values.forEach(
          (name, list) -> {
            JsonObject loss = new JsonObject();
            loss.addProperty("compared", compared(list));
            loss.addProperty("first", first(list));
            loss.addProperty("last", last(list));
            json.add(name, loss);
          });
    }

    String text() {
      return values.entrySet().stream()
          .map(
              each ->
                  String.format(
                      Locale.ROOT,
                      "%s %.4f to %.4f",
                      named(each),
                      first(each.getValue()),
                      last(each.getValue())))
          .collect(Collectors.joining(", "));
    }
  }

  @Override
  public void started(long done, long total) {
    begun = System.nanoTime();
    shown = begun;
  }

  @Override
  public void step(TrainingStep step) {
    DemoTask task = mix.at(step.number() - 1);
    all.add(step);
    ofTasks.computeIfAbsent(task, each -> new Losses()).add(step);
    if (System.nanoTime() - shown >= INTERVAL) {
      shown = System.nanoTime();
      context.note(line(step, task));
    }
  }

  private String line(TrainingStep step, DemoTask task) {
    Duration remaining =
        time.map(limit -> limit.minusNanos(shown - begun)).orElse(step.remaining());
    return "step "
        + step.number()
        + (time.isPresent() ? "" : " of " + step.total())
        + ", "
        + task.key()
        + step.losses().entrySet().stream()
            .filter(each -> Losses.counted(step, each.getKey()))
            .map(each -> String.format(Locale.ROOT, ", %s %.4f", named(each), each.getValue()))
            .collect(Collectors.joining())
        + ", "
        + RemainingTime.clockTime(Math.max(0, remaining.toSeconds()))
        + " left";
  }

  private static String named(Map.Entry<String, ?> loss) {
    return loss.getKey().replace('_', ' ');
  }

  /** {@return the losses of all steps, and those of each task under "tasks"} */
  JsonObject json() {
    JsonObject json = new JsonObject();
    all.addTo(json);
    JsonObject tasks = new JsonObject();
    ofTasks.forEach(
        (task, losses) -> {
          JsonObject own = new JsonObject();
          own.addProperty("steps", losses.steps);
          losses.addTo(own);
          tasks.add(task.key(), own);
        });
    json.add("tasks", tasks);
    return json;
  }

  /** {@return a line for each loss, and one for each task} */
  String text() {
    StringBuilder text = new StringBuilder();
    all.values
        .entrySet()
        .forEach(
            each ->
                text.append(
                    String.format(
                        Locale.ROOT,
                        "%s: %.4f in the first %d steps, %.4f in the last, a factor of %.2f%n",
                        named(each),
                        Losses.first(each.getValue()),
                        Losses.compared(each.getValue()),
                        Losses.last(each.getValue()),
                        Losses.first(each.getValue()) / Losses.last(each.getValue()))));
    ofTasks.forEach(
        (task, losses) ->
            text.append(
                String.format(
                    Locale.ROOT, "%s, %d steps: %s%n", task.key(), losses.steps, losses.text())));
    return text.toString();
  }
}
