package dev.showo2.samples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.showo2.train.TrainingStep;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TrainingProgressTest {

  private static TrainingStep step(long number, long total) {
    Map<String, Double> losses = new LinkedHashMap<>();
    losses.put("next_token", 2.5);
    losses.put("flow", 0.75);
    return new TrainingStep(
        number,
        total,
        losses,
        1.25,
        3.0,
        List.of(1e-4, 2e-6),
        10,
        20,
        8,
        Duration.ofMillis(1500),
        Duration.ofMillis(1500 * (total - number)));
  }

  @Test
  void aLogGetsALineEveryTenSecondsAndTheLastOne() {
    StringWriter err = new StringWriter();
    CliContext context =
        new CliContext(
            new ByteArrayInputStream(new byte[0]),
            new PrintWriter(new StringWriter()),
            new PrintWriter(err),
            false,
            false,
            false,
            false,
            () -> Path.of("none"));
    AtomicLong clock = new AtomicLong();
    try (TrainingProgress progress = new TrainingProgress(context, clock::get)) {
      progress.started(7, 60);
      for (int number = 8; number <= 60; number++) {
        progress.step(step(number, 60));
        clock.addAndGet(Duration.ofMillis(400).toNanos());
      }
      progress.checkpoint(Path.of("run", "checkpoint-60"));
    }
    String shared =
        "next token 2.500, flow 0.7500, norm 3.000, rate 0.000100 2.00e-06, 1.50 s a step";
    assertEquals(
        List.of(
            "going on behind step 7",
            "step 8 of 60: " + shared + ", 1:18 left",
            "step 33 of 60: " + shared + ", 0:40 left",
            "step 58 of 60: " + shared + ", 0:03 left",
            "step 60 of 60: " + shared,
            "wrote " + Path.of("run", "checkpoint-60")),
        err.toString().lines().toList());
  }
}
