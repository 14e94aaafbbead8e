package dev.showo2.train.spi;

import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.model.Bundle;
import dev.showo2.spi.BackendConfig;
import org.apiguardian.api.API;

/**
 * The entry of a backend that can train, found with {@link java.util.ServiceLoader}.
 * Implementations have a public constructor without arguments that loads nothing native.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface TrainingProvider {

  /**
   * Names the backend.
   *
   * @return the id of its {@link dev.showo2.spi.BackendProvider}
   */
  String id();

  /**
   * Loads a model and what its training needs besides.
   *
   * @param bundle in fp32; stays in place, unchanged, for as long as the model is open
   * @param config device, threads, cache directory and options, as for inference
   * @param request the parameters that are trained, and how
   * @return the model, which the caller closes
   * @throws dev.showo2.error.UnsupportedFeatureException if the bundle is in a precision that
   *     cannot be trained, or the configuration names what this backend does not have
   * @throws dev.showo2.error.InvalidRequestException if nothing is to be trained, or a pattern of
   *     the request fits no weight
   * @throws dev.showo2.error.BackendException if the engine fails; nothing stays open then
   */
  TrainableModel open(Bundle bundle, BackendConfig config, TrainingRequest request);

  /**
   * Loads a teacher.
   *
   * @param request its sizes and weights
   * @param config device, threads, cache directory and options, as for inference
   * @return the teacher, which the caller closes
   * @throws dev.showo2.error.UnsupportedFeatureException if this backend has no teachers, or the
   *     configuration names what it does not have
   * @throws dev.showo2.error.InvalidModelException if a weight is missing or has another shape
   * @throws dev.showo2.error.BackendException if the engine fails; nothing stays open then
   */
  default Teacher openTeacher(TeacherRequest request, BackendConfig config) {
    throw new UnsupportedFeatureException(
        "the backend '"
            + id()
            + "' cannot compute a teacher's features; give files of them, which any program can"
            + " write");
  }
}
