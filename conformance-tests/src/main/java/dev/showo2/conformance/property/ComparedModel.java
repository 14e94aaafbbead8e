package dev.showo2.conformance.property;

import dev.showo2.conformance.compare.Comparison;
import dev.showo2.conformance.compare.Tolerances;
import dev.showo2.conformance.reference.ReferenceBackendProvider;
import dev.showo2.model.Architecture;
import dev.showo2.model.Bundle;
import dev.showo2.model.Precision;
import dev.showo2.spi.Backend;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.BackendProvider;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import java.util.Map;
import java.util.Set;

/** One model, open on the reference backend and on the one that is compared with it. */
final class ComparedModel implements AutoCloseable {

  private final Architecture sizes;
  private final Backend reference;
  private final Backend compared;

  private ComparedModel(Architecture sizes, Backend reference, Backend compared) {
    this.sizes = sizes;
    this.reference = reference;
    this.compared = compared;
  }

  static ComparedModel open(Bundle bundle, BackendProvider provider, BackendConfig config) {
    Backend reference = new ReferenceBackendProvider().open(bundle, BackendConfig.defaults());
    try {
      return new ComparedModel(bundle.architecture(), reference, provider.open(bundle, config));
    } catch (RuntimeException | Error e) {
      reference.close();
      throw e;
    }
  }

  /**
   * @throws AssertionError naming the first result in which the backends differ
   */
  void check(StageCase stageCase) {
    Set<Stage> stages = compared.capabilities().stages();
    Map<String, HostTensor> expected = StageRun.of(stageCase, reference, sizes, stages);
    Map<String, HostTensor> actual = StageRun.of(stageCase, compared, sizes, stages);
    expected.forEach(
        (name, tensor) -> {
          Comparison comparison =
              Comparison.of(name, actual.get(name), tensor, Tolerances.of(Precision.FP32).stage());
          if (!comparison.passed()) {
            throw new AssertionError(comparison.toString());
          }
        });
  }

  @Override
  public void close() {
    try (reference) {
      compared.close();
    }
  }
}
