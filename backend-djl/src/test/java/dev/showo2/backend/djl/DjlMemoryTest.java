package dev.showo2.backend.djl;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.conformance.FixtureModels;
import dev.showo2.model.Bundle;
import dev.showo2.spi.BackendConfig;
import dev.showo2.testing.NativeMemoryContract;
import dev.showo2.testing.OpenedBackend;
import dev.showo2.train.TrainedPart;
import dev.showo2.train.spi.LossWeights;
import dev.showo2.train.spi.TrainableModel;
import dev.showo2.train.spi.TrainingBatch;
import dev.showo2.train.spi.TrainingLosses;
import dev.showo2.train.spi.TrainingRequest;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.ExtendWith;

@Tag("soak") // A minute and a half; the kit's R-15 counts resources in every build.
@ExtendWith(ExportedFixtures.class)
class DjlMemoryTest extends NativeMemoryContract {

  private static FixtureModels models;

  @BeforeAll
  static void use(FixtureModels exported) {
    models = exported;
  }

  @Override
  protected OpenedBackend open(String checkpoint) {
    return OpenDjl.open(models.bundle(checkpoint));
  }

  @Test
  void aThousandTrainingStepsLeaveItFlat(TestReporter reporter) {
    Bundle bundle = models.bundle("tiny-a");
    TrainingRequest request =
        TrainingRequest.builder(TrainedPart.STAGE_TWO.groups()).averageDecay(0.9).build();
    TrainingBatch batch = TrainingBatches.mixed(bundle.architecture(), 1);
    try (TrainableModel model =
        new DjlTrainingProvider().open(bundle, BackendConfig.defaults(), request)) {
      Samples samples = new Samples();
      for (int step = 0; step < STEPS; step++) {
        TrainingLosses losses = model.accumulate(batch, new LossWeights(1, 1), 1);
        assertTrue(losses.flow() > 0, "step " + step);
        model.update(List.of(1e-6, 1e-6, 1e-6));
        samples.take(step);
      }
      samples.assertFlat(reporter);
    }
  }
}
