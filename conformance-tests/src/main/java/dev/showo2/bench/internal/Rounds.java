package dev.showo2.bench.internal;

import dev.showo2.bench.BenchmarkPlan.ImageSize;
import dev.showo2.bench.BenchmarkStage;
import dev.showo2.bench.internal.StageRuns.Run;
import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.model.Bundle;
import dev.showo2.spi.Backend;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** Measures the stages of an open backend, round by round. Not thread-safe. */
final class Rounds {

  /** Calls are repeated for so long, and their mean counts. */
  private static final double REPEATED_SECONDS = 0.3;

  private static final int MOST_CALLS = 200;

  /** A first call that takes longer is a measurement already, of which there can be few. */
  private static final double WARM_UP_SECONDS = 20;

  private static final int SHORT_STEPS = 9;
  private static final double LONG_STEP_SECONDS = 2;

  private final Bundle bundle;
  private final Backend backend;
  private final Work work;
  private final StageRuns runs;
  private final ProcessMemory memory;

  /**
   * The work of a round.
   *
   * @param stages to measure
   * @param sizes of images, at least one
   * @param prefill positions
   * @param tokens of text
   * @param onProcessor whether the backend computes on the processor
   */
  record Work(
      Set<BenchmarkStage> stages,
      List<ImageSize> sizes,
      int prefill,
      int tokens,
      boolean onProcessor) {}

  /** The times of a round, in seconds, by the keys of figures. */
  static final class Round {

    final Map<String, Double> times = new LinkedHashMap<>();

    /** First calls, which warm up. */
    final Map<String, Double> firsts = new LinkedHashMap<>();

    /** Why figures are absent. */
    final Map<String, String> absent = new LinkedHashMap<>();
  }

  Rounds(Bundle bundle, Backend backend, Work work, ProcessMemory memory) {
    this.bundle = bundle;
    this.backend = backend;
    this.work = work;
    this.memory = memory;
    this.runs = new StageRuns(backend, bundle.architecture());
  }

  /**
   * @param warmed keys of figures that have been measured in this process; grows
   */
  Round run(Set<String> warmed) {
    Round round = new Round();
    for (ImageSize size : work.sizes()) {
      int width = size.width();
      int height = size.height();
      time(round, warmed, BenchmarkStage.VAE_ENCODE, size, () -> runs.vaeEncode(width, height));
      time(round, warmed, BenchmarkStage.VAE_DECODE, size, () -> runs.vaeDecode(width, height));
      time(round, warmed, BenchmarkStage.FUSION, size, () -> runs.fusion(width, height));
      time(round, warmed, BenchmarkStage.GUIDED_STEP, size, () -> runs.guidedStep(width, height));
      memory.stepped();
      time(
          round,
          warmed,
          BenchmarkStage.FIRST_TOKEN,
          size,
          () -> runs.firstToken(width, height, work.prefill()));
    }
    time(round, warmed, BenchmarkStage.PREFILL, null, () -> runs.prefill(work.prefill()));
    time(
        round,
        warmed,
        BenchmarkStage.TEXT_TOKEN,
        null,
        () -> runs.text(work.prefill(), work.tokens()));
    round.times.computeIfPresent(
        BenchmarkStage.TEXT_TOKEN.id(), (key, seconds) -> seconds / work.tokens());
    round.firsts.computeIfPresent(
        BenchmarkStage.TEXT_TOKEN.id(), (key, seconds) -> seconds / work.tokens());
    outside(round, warmed);
    return round;
  }

  private void outside(Round round, Set<String> warmed) {
    String key = BenchmarkStage.OUTSIDE.id();
    if (!work.stages().contains(BenchmarkStage.OUTSIDE)) {
      return;
    }
    if (!work.onProcessor()) {
      round.absent.put(key, "on a device a stage may return before it is computed");
      return;
    }
    double step =
        round.times.entrySet().stream()
            .filter(entry -> entry.getKey().startsWith(BenchmarkStage.GUIDED_STEP.id()))
            .mapToDouble(Map.Entry::getValue)
            .findFirst()
            .orElse(0);
    // It changes little from round to round, and a long step is not repeated for it.
    boolean isLong = step > LONG_STEP_SECONDS;
    if (isLong && warmed.contains(key)) {
      return;
    }
    try {
      double seconds = OutsideRun.measure(bundle, backend, isLong ? 1 : SHORT_STEPS);
      round.times.put(key, seconds);
      if (warmed.add(key)) {
        round.firsts.put(key, seconds);
      }
    } catch (UnsupportedFeatureException e) {
      round.absent.put(key, e.getMessage());
    }
  }

  private void time(
      Round round,
      Set<String> warmed,
      BenchmarkStage stage,
      ImageSize size,
      Supplier<Run> opening) {
    if (!work.stages().contains(stage)) {
      return;
    }
    String key = size == null ? stage.id() : stage.id() + " " + size;
    try (Run run = opening.get()) {
      double first = 0;
      if (warmed.add(key)) {
        first = seconds(run);
        round.firsts.put(key, first);
      }
      if (first > WARM_UP_SECONDS) {
        round.times.put(key, first);
        return;
      }
      double total = 0;
      int calls = 0;
      while (calls == 0 || total < REPEATED_SECONDS && calls < MOST_CALLS) {
        total += seconds(run);
        calls++;
      }
      round.times.put(key, total / calls);
    } catch (UnsupportedFeatureException e) {
      round.absent.put(key, e.getMessage());
    }
  }

  private static double seconds(Run run) {
    long start = System.nanoTime();
    run.call();
    return (System.nanoTime() - start) / 1e9;
  }
}
