package dev.showo2.export;

import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.export.calibration.StageError;
import dev.showo2.model.Bundle;
import dev.showo2.model.GraphFile;
import dev.showo2.model.Integrity;
import dev.showo2.spi.Backend;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.BackendProvider;
import dev.showo2.spi.Backends;
import dev.showo2.stage.Stage;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Runs every stage of a fresh bundle on the backend at hand.
 *
 * @param backend that was used; empty if there is none that can run here
 * @param stages that ran and gave the right shapes and finite values
 * @param errors how far stages are off by calibrated
 */
record StageCheck(Optional<String> backend, Set<Stage> stages, Map<Stage, StageError> errors) {

  /** Nothing was run. */
  static final StageCheck NONE = new StageCheck(Optional.empty(), Set.of(), Map.of());

  /**
   * @throws dev.showo2.error.BackendException if a stage does not run or gives something wrong
   */
  static StageCheck run(
      Path folder,
      Optional<String> target,
      CalibratedEncodings calibrated,
      ExportListener listener) {
    Bundle bundle = Bundle.open(folder, Integrity.SIZES);
    BackendProvider provider;
    try {
      provider = Backends.find().select(target, bundle);
    } catch (UnsupportedFeatureException e) {
      listener.phase("not checking stages: " + e.getMessage());
      return NONE;
    }
    listener.phase("checking stages on " + provider.id());
    try (Backend backend = provider.open(bundle, BackendConfig.defaults())) {
      Set<Stage> stages = EnumSet.noneOf(Stage.class);
      for (GraphFile graph : bundle.manifest().graphs()) {
        if (backend.capabilities().supports(graph.stage()) && stages.add(graph.stage())) {
          Interruption.check();
          new StageProbe(backend, bundle.architecture(), graph.stage()).run();
        }
      }
      Map<Stage, StageError> errors =
          calibrated
              .sample()
              .map(sample -> new SampleCheck(backend, sample).run(stages, calibrated))
              .orElse(Map.of());
      return new StageCheck(Optional.of(provider.id()), stages, errors);
    }
  }
}
