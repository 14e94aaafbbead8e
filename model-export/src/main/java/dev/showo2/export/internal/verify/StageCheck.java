package dev.showo2.export.internal.verify;

import dev.showo2.error.BackendException;
import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.export.ExportListener;
import dev.showo2.export.ModelPart;
import dev.showo2.export.internal.calibration.StageError;
import dev.showo2.export.internal.io.InterruptionCheck;
import dev.showo2.export.internal.plan.CalibratedEncodings;
import dev.showo2.export.internal.plan.ModelSource;
import dev.showo2.export.internal.plan.StageLimit;
import dev.showo2.model.Bundle;
import dev.showo2.model.GraphFile;
import dev.showo2.model.Integrity;
import dev.showo2.model.Precision;
import dev.showo2.spi.Backend;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.BackendProvider;
import dev.showo2.spi.Backends;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apiguardian.api.API;

/**
 * Runs every stage of a fresh bundle on the backend at hand.
 *
 * @param backend that was used; empty if there is none that can run here
 * @param stages that ran and gave the right shapes and finite values
 * @param errors how far stages are off by calibrated
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public record StageCheck(
    Optional<String> backend, Set<Stage> stages, Map<Stage, StageError> errors) {

  /** Nothing was run. */
  public static final StageCheck NONE = new StageCheck(Optional.empty(), Set.of(), Map.of());

  /**
   * @param source that the bundle was written from
   * @throws BackendException if a stage does not run, gives something wrong, or is off by more than
   *     its precision allows
   * @throws IOException if what the bundle is compared with cannot be written
   */
  public static StageCheck run(
      Path folder,
      Optional<String> target,
      ModelSource source,
      CalibratedEncodings calibrated,
      ExportListener listener)
      throws IOException {
    Bundle bundle = Bundle.open(folder, Integrity.SIZES);
    BackendProvider provider;
    try {
      provider = Backends.find().select(target, bundle);
    } catch (UnsupportedFeatureException e) {
      listener.phase("not checking stages: " + e.getMessage());
      return NONE;
    }
    listener.phase("checking stages on " + provider.id());
    Map<Stage, List<HostTensor>> results = new EnumMap<>(Stage.class);
    Map<Stage, StageError> errors = new EnumMap<>(Stage.class);
    try (Backend backend = provider.open(bundle, BackendConfig.defaults())) {
      for (GraphFile graph : bundle.manifest().graphs()) {
        Stage stage = graph.stage();
        if (backend.capabilities().supports(stage) && !results.containsKey(stage)) {
          InterruptionCheck.check();
          Precision precision = bundle.manifest().precision().of(stage);
          results.put(
              stage, new StageProbe(backend, bundle.architecture(), stage, precision).run());
        }
      }
      calibrated
          .sample()
          .ifPresent(
              sample -> errors.putAll(new SampleCheck(backend, sample).run(results.keySet())));
    }
    if (calibrated.precision().of(ModelPart.VAE) != Precision.FP32) {
      errors.putAll(new Fp32VaeBaseline(source, provider, listener).compare(results, folder));
    }
    errors.forEach((stage, error) -> requireWithinLimit(stage, error, calibrated.limit(stage)));
    return new StageCheck(Optional.of(provider.id()), results.keySet(), errors);
  }

  private static void requireWithinLimit(Stage stage, StageError error, StageLimit limit) {
    if (!limit.allows(error)) {
      throw new BackendException(
          "stage "
              + stage.id()
              + " of the exported bundle is off by "
              + error.relativeRms()
              + " of what it should give, more than the "
              + limit.relativeRms()
              + " that its precision allows; test the backend with 'conformance', or choose"
              + " another precision");
    }
  }
}
