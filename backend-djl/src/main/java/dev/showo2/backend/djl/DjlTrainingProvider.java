package dev.showo2.backend.djl;

import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.model.Bundle;
import dev.showo2.spi.BackendConfig;
import dev.showo2.train.spi.Teacher;
import dev.showo2.train.spi.TeacherRequest;
import dev.showo2.train.spi.TrainableModel;
import dev.showo2.train.spi.TrainingProvider;
import dev.showo2.train.spi.TrainingRequest;
import org.apiguardian.api.API;

/**
 * Trains with PyTorch's gradients and its AdamW, over the stages of {@link DjlBackendProvider} and
 * with its options. Applications add the artifact {@code training}.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class DjlTrainingProvider implements TrainingProvider {

  /** For {@link java.util.ServiceLoader}. */
  public DjlTrainingProvider() {}

  @Override
  public String id() {
    return DjlBackendProvider.ID;
  }

  @Override
  public TrainableModel open(Bundle bundle, BackendConfig config, TrainingRequest request) {
    return DjlTrainableModel.open(bundle, fp32(config), request);
  }

  @Override
  public Teacher openTeacher(TeacherRequest request, BackendConfig config) {
    return DjlTeacher.open(request, fp32(config));
  }

  private static DjlOptions fp32(BackendConfig config) {
    DjlOptions options = DjlOptions.of(config);
    if (options.bf16()) {
      throw new UnsupportedFeatureException(
          "training computes in 32-bit floats; leave the option 'compute' out");
    }
    return options;
  }
}
