package dev.showo2.samples.cli;

import dev.showo2.train.TrainingListener;
import dev.showo2.train.TrainingStep;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Shows what a training does: on a terminal a bar with the losses, elsewhere a line at most every
 * ten seconds.
 */
final class TrainingProgress implements TrainingListener, AutoCloseable {

  private static final long INTERVAL_NANOSECONDS = Duration.ofSeconds(10).toNanos();

  private final CliContext context;
  private final LongSupplier clock;
  private Progress bar;
  private long shown;

  TrainingProgress(CliContext context) {
    this(context, System::nanoTime);
  }

  /**
   * @param clock nanoseconds
   */
  TrainingProgress(CliContext context, LongSupplier clock) {
    this.context = context;
    this.clock = clock;
  }

  @Override
  public void started(long done, long total) {
    if (done > 0) {
      context.note("going on behind step " + done);
    }
    if (context.errIsTerminal()) {
      bar = Progress.start(context, "training", Progress.Unit.STEPS, total);
      bar.to(done);
    }
    shown = clock.getAsLong() - INTERVAL_NANOSECONDS;
  }

  @Override
  public void step(TrainingStep step) {
    if (bar != null) {
      bar.at(losses(step));
      bar.to(step.number());
    } else if (clock.getAsLong() - shown >= INTERVAL_NANOSECONDS || step.number() == step.total()) {
      shown = clock.getAsLong();
      context.note(line(step));
    }
  }

  private static String line(TrainingStep step) {
    return String.format(
        Locale.ROOT,
        "step %d of %d: %s, norm %.4g, rate %s, %.2f s a step%s",
        step.number(),
        step.total(),
        losses(step),
        step.norm(),
        String.join(" ", step.rates().stream().map(TrainingProgress::rate).toList()),
        step.took().toNanos() / 1e9,
        step.remaining().isZero()
            ? ""
            : ", " + RemainingTime.clockTime(step.remaining().toSeconds()) + " left");
  }

  private static String losses(TrainingStep step) {
    return String.join(
        ", ",
        step.losses().entrySet().stream()
            .map(
                loss ->
                    String.format(
                        Locale.ROOT, "%s %.4g", loss.getKey().replace('_', ' '), loss.getValue()))
            .toList());
  }

  private static String rate(double rate) {
    return String.format(Locale.ROOT, "%.3g", rate);
  }

  @Override
  public void checkpoint(Path folder) {
    if (bar == null) {
      context.note("wrote " + folder);
    }
  }

  @Override
  public void sample(Path file) {
    if (bar == null) {
      context.note("wrote " + file);
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
