package dev.showo2.train;

import dev.showo2.train.spi.ParameterGroup;
import dev.showo2.train.spi.TrainingRequest;
import java.nio.file.Path;
import java.util.List;

/** Runs of the fake model. */
final class Runs {

  static final TrainingRequest REQUEST =
      TrainingRequest.builder(
              List.of(
                  new ParameterGroup("fusion", List.of("fusion_proj"), List.of()),
                  new ParameterGroup("backbone", List.of("showo"), List.of())))
          .averageDecay(0.9)
          .build();

  private Runs() {}

  static TrainingRunBuilder of(Path folder, FakeTrainable model, BatchSource source, long steps) {
    return TrainingRun.builder(folder, model, source)
        .rates(REQUEST, List.of(0.01, 0.002))
        .schedule(new Schedule(Schedule.Kind.COSINE, 2, steps))
        .identity("model", "fake");
  }
}
