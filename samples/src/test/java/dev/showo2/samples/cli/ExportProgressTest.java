package dev.showo2.samples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.samples.testing.TestCache;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ExportProgressTest {

  private static final long MIB = 1 << 20;

  private final StringWriter err = new StringWriter();
  private final AtomicLong clock = new AtomicLong();

  @Test
  void linesNameTheFileAndWhatIsLeft() {
    Progress progress =
        new Progress.LineProgress(
            context(false),
            "writing",
            Progress.Unit.BYTES,
            100 * MIB,
            new RemainingTime(clock::get));
    progress.at("a.safetensors");
    tick(progress, 5, 10 * MIB);
    tick(progress, 6, 11 * MIB);
    progress.at("b.safetensors");
    tick(progress, 40, 50 * MIB);
    tick(progress, 80, 100 * MIB);
    progress.close();
    assertEquals(
        List.of(
            "writing a.safetensors: 10.0 MiB of 100.0 MiB, 0:45 left",
            "writing b.safetensors: 50.0 MiB of 100.0 MiB, 0:40 left",
            "writing b.safetensors: 100.0 MiB of 100.0 MiB"),
        err.toString().lines().toList());
  }

  private void tick(Progress progress, long seconds, long done) {
    clock.set(TimeUnit.SECONDS.toNanos(seconds));
    progress.to(done);
  }

  @Test
  void remainingTimeIsNotGuessedTooEarly() {
    RemainingTime remaining = new RemainingTime(clock::get);
    clock.set(TimeUnit.MILLISECONDS.toNanos(900));
    assertEquals("", remaining.text(1, 2));
    clock.set(TimeUnit.SECONDS.toNanos(3600));
    assertEquals(", 1:00:00 left", remaining.text(1, 2));
    assertEquals(", 10:00 left", remaining.text(6, 7));
    assertEquals("", remaining.text(0, 2));
    assertEquals("", remaining.text(2, 2));
  }

  @Test
  void calibrationIsShownStageByStage() {
    try (ExportProgress progress = new ExportProgress(context(false))) {
      progress.phase("calibrating backbone");
      progress.progress(MIB, 2 * MIB);
      progress.phase("calibrating flow_head");
      progress.progress(2 * MIB, 2 * MIB);
      progress.phase("writing a.safetensors");
    }
    assertEquals(
        List.of(
            "calibrating backbone",
            "calibrating backbone: 1.0 MiB of 2.0 MiB",
            "calibrating flow_head: 2.0 MiB of 2.0 MiB",
            "writing a.safetensors"),
        err.toString().lines().toList());
  }

  @Test
  void phasesAroundTheWeightsAreLines() {
    try (ExportProgress progress = new ExportProgress(context(false))) {
      progress.phase("reading a checkpoint");
      progress.phase("writing a.safetensors");
      progress.progress(MIB, 2 * MIB);
      progress.phase("writing b.safetensors");
      progress.progress(2 * MIB, 2 * MIB);
      progress.phase("writing graphs");
    }
    assertEquals(
        List.of(
            "reading a checkpoint",
            "writing a.safetensors",
            "writing a.safetensors: 1.0 MiB of 2.0 MiB",
            "writing b.safetensors: 2.0 MiB of 2.0 MiB",
            "writing graphs"),
        err.toString().lines().toList());
  }

  @Test
  void calibrationComesBeforeTheWeightsAndHasItsOwnTotal() {
    try (ExportProgress progress = new ExportProgress(context(false))) {
      progress.phase("calibrating fusion");
      progress.progress(MIB, 4 * MIB);
      progress.phase("calibrating backbone");
      progress.progress(4 * MIB, 4 * MIB);
      progress.phase("writing a.safetensors");
      progress.progress(2 * MIB, 2 * MIB);
    }
    assertEquals(
        List.of(
            "calibrating fusion",
            "calibrating fusion: 1.0 MiB of 4.0 MiB",
            "calibrating backbone: 4.0 MiB of 4.0 MiB",
            "writing a.safetensors",
            "writing a.safetensors: 2.0 MiB of 2.0 MiB"),
        err.toString().lines().toList());
  }

  @Test
  void theBarNamesTheFile() {
    try (ExportProgress progress = new ExportProgress(context(true))) {
      progress.phase("writing a.safetensors");
      progress.progress(MIB, 2 * MIB);
      progress.phase("writing b.safetensors");
      progress.progress(2 * MIB, 2 * MIB);
    }
    String shown = err.toString();
    assertTrue(shown.contains("\rwriting 100% ["), shown);
    assertTrue(shown.contains("2/2 MiB"), shown);
    assertTrue(shown.contains("b.safetensors"), shown);
  }

  private CliContext context(boolean terminal) {
    PrintWriter nowhere = new PrintWriter(new StringWriter());
    return new CliContext(
        InputStream.nullInputStream(),
        nowhere,
        new PrintWriter(err),
        false,
        false,
        terminal,
        false,
        TestCache::folder);
  }
}
