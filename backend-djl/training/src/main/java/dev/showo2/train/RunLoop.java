package dev.showo2.train;

import dev.showo2.error.CancelledException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The steps of a run. */
final class RunLoop {

  /** Steps whose times give the remaining time. */
  private static final int RECENT = 20;

  private final RunSettings settings;
  private final RunFolder folder;
  private final TrainingRun.Stop stop;
  private final RunCheckpoint checkpoints;
  private final long[] recent = new long[RECENT];
  private long begun;
  private long done;
  private long written = -1;
  private boolean dataEnded;
  private String position = "";
  private List<String> origins = List.of();
  private long rows;
  private double seconds;

  RunLoop(RunSettings settings, RunFolder folder, TrainingRun.Stop stop) {
    this.settings = settings;
    this.folder = folder;
    this.stop = stop;
    this.checkpoints = new RunCheckpoint(settings.model(), settings.averages());
  }

  /** Takes the state of a checkpoint. */
  void goOnFrom(long step) throws IOException {
    RunState state = checkpoints.read(folder.checkpoint(step), settings.identity());
    if (!state.source().isEmpty()) {
      settings.source().resume(state.source());
    }
    position = state.source();
    rows = state.rows();
    seconds = state.seconds();
    begun = state.step();
    done = state.step();
    written = state.step();
  }

  TrainingRun.Result run() throws IOException {
    long total = settings.schedule().steps();
    settings.listener().started(done, total);
    try (RunMetrics metrics =
        RunMetrics.open(folder.path(), done, settings.source().losses(), settings.groups())) {
      boolean more = true;
      while (more && done < total && !stop.isRequested()) {
        Optional<TrainingStep> step = step(total);
        more = step.isPresent();
        if (more) {
          metrics.add(step.get());
          settings.listener().step(step.get());
          afterStep(total);
        }
      }
      boolean stopped = done < total && !dataEnded;
      if (done > written) {
        checkpoint();
      }
      if (stopped && done > begun) {
        drawCurves();
      }
      return new TrainingRun.Result(done, stopped, folder.checkpoint(done));
    }
  }

  private void afterStep(long total) throws IOException {
    boolean last = done == total;
    boolean sampled = last || done % settings.sampleEvery() == 0;
    if (last || done % settings.checkpointEvery() == 0) {
      checkpoint();
      drawCurves();
    }
    if (sampled && settings.sampler().isPresent()) {
      sample(settings.sampler().get());
    }
  }

  private void drawCurves() throws IOException {
    List<String> names = new ArrayList<>(settings.source().losses());
    names.add("norm");
    LossCurves.draw(
        folder.path().resolve(RunMetrics.CSV), names, done, folder.path().resolve(LossCurves.FILE));
  }

  private void sample(StepSampler sampler) throws IOException {
    try {
      for (Path file : sampler.sample(settings.model().backend(), done, folder.path())) {
        settings.listener().sample(file);
      }
    } catch (CancelledException e) {
      // The run's end goes first: its checkpoint is still to be written.
      if (!stop.isRequested()) {
        throw e;
      }
    }
  }

  /** One update; nothing if the data end or the run is to end within it. */
  private Optional<TrainingStep> step(long total) throws IOException {
    long start = System.nanoTime();
    StepLosses losses = new StepLosses(settings.source().losses(), settings.lossWeights());
    try {
      for (int i = 0; i < settings.accumulate(); i++) {
        boolean ending = stop.isRequested();
        Optional<BatchSource.Drawn> drawn = ending ? Optional.empty() : settings.source().next();
        if (drawn.isEmpty()) {
          dataEnded = !ending;
          settings.model().discardGradients();
          return Optional.empty();
        }
        losses.add(drawn.get(), settings.model(), settings.accumulate());
        if (!Double.isFinite(losses.loss())) {
          settings.model().discardGradients();
          throw diverged(done + 1, "the losses are " + losses.byName(), losses.origins());
        }
      }
    } catch (CancelledException e) {
      if (!stop.isRequested()) {
        throw e;
      }
      settings.model().discardGradients();
      return Optional.empty();
    }
    double factor = settings.schedule().factor(done);
    List<Double> rates = settings.rates().stream().map(rate -> rate * factor).toList();
    double norm = settings.model().update(rates);
    if (!Double.isFinite(norm)) {
      throw diverged(done + 1, "the norm of the gradients is " + norm, losses.origins());
    }
    done++;
    rows += losses.origins().size();
    position = losses.next();
    origins = losses.origins();
    long took = System.nanoTime() - start;
    seconds += took / 1e9;
    return Optional.of(
        new TrainingStep(
            done,
            total,
            losses.byName(),
            losses.loss(),
            norm,
            rates,
            losses.labels(),
            losses.positions(),
            losses.origins().size(),
            Duration.ofNanos(took),
            remaining(took, total)));
  }

  private Duration remaining(long took, long total) {
    recent[(int) ((done - begun - 1) % RECENT)] = took;
    long counted = Math.min(done - begun, RECENT);
    double sum = 0;
    for (int i = 0; i < counted; i++) {
      sum += recent[i];
    }
    return Duration.ofNanos((long) (sum / counted * (total - done)));
  }

  private void checkpoint() throws IOException {
    Path target = folder.checkpoint(done);
    RunState state = new RunState(done, position, settings.identity(), rows, seconds, List.of());
    try {
      checkpoints.write(target, state);
    } catch (RunCheckpoint.NotFiniteException e) {
      throw diverged(done, e.getMessage() + " behind the update", origins);
    } catch (IOException e) {
      throw new IOException(
          "cannot write "
              + target
              + ": "
              + e.getMessage()
              + free()
              + "; "
              + kept()
              + " Make room and resume the run",
          e);
    }
    written = done;
    folder.keepNewest(settings.keep());
    settings.listener().checkpoint(target);
  }

  private String free() {
    try {
      return " ("
          + mebibytes(checkpoints.size())
          + " are needed, "
          + mebibytes(Files.getFileStore(folder.path()).getUsableSpace())
          + " are free)";
    } catch (IOException e) {
      return "";
    }
  }

  private static String mebibytes(long bytes) {
    return (bytes >> 20) + " MiB";
  }

  private String kept() {
    return written < 0
        ? "no checkpoint was written before."
        : "the last one, " + folder.checkpoint(written) + ", is kept.";
  }

  private TrainingDivergedException diverged(long step, String what, List<String> rowsOfStep) {
    return new TrainingDivergedException(
        "step "
            + step
            + ": "
            + what
            + ", so the run was stopped; "
            + kept()
            + " Rows of the step: "
            + String.join("; ", rowsOfStep)
            + "."
            + " Look at the rows, lower the rate, or clip the gradients to a smaller norm",
        step,
        rowsOfStep);
  }
}
