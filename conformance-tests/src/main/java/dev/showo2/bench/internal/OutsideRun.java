package dev.showo2.bench.internal;

import dev.showo2.ShowO2;
import dev.showo2.conformance.StageClock;
import dev.showo2.model.Bundle;
import dev.showo2.pipeline.DenoisingStep;
import dev.showo2.pipeline.GenerationListener;
import dev.showo2.pipeline.TextToImageRequest;
import dev.showo2.spi.Backend;

/** Measures how much of a solver step of a request is spent outside of the stages. */
final class OutsideRun implements GenerationListener {

  private final StageClock clock;
  private final int steps;
  private long begin;
  private double outside;

  private OutsideRun(StageClock clock, int steps) {
    this.clock = clock;
    this.steps = steps;
  }

  /**
   * Draws an image.
   *
   * @param steps solver steps; the first is not measured if there are more
   * @return seconds of a step outside of the stages
   */
  static double measure(Bundle bundle, Backend backend, int steps) {
    StageClock clock = new StageClock();
    OutsideRun run = new OutsideRun(clock, steps);
    try (ShowO2 model = ShowO2.of(bundle, clock.around(backend))) {
      TextToImageRequest request =
          TextToImageRequest.builder("a red circle").seed(0).steps(steps + 1).build();
      model.textToImage().generate(request, run);
    }
    return run.outside;
  }

  @Override
  public void step(DenoisingStep step) {
    int warmUp = steps > 1 ? 1 : 0;
    long inStages = clock.times().stream().mapToLong(time -> time.time().toNanos()).sum();
    long now = System.nanoTime() - inStages;
    if (step.index() == warmUp) {
      begin = now;
    } else if (step.index() == steps) {
      outside = (now - begin) / 1e9 / (steps - warmUp);
    }
  }
}
