package dev.showo2.export.internal.verify;

import dev.showo2.export.ExportListener;
import dev.showo2.export.ModelPart;
import dev.showo2.export.internal.calibration.StageError;
import dev.showo2.export.internal.graph.StageGraphs;
import dev.showo2.export.internal.io.DiskSpace;
import dev.showo2.export.internal.io.InterruptionCheck;
import dev.showo2.export.internal.onnx.WeightLocations;
import dev.showo2.export.internal.plan.ModelSource;
import dev.showo2.export.internal.plan.WeightPlan;
import dev.showo2.export.internal.write.BundleWriter;
import dev.showo2.model.Bundle;
import dev.showo2.model.Integrity;
import dev.showo2.model.Precision;
import dev.showo2.model.StagePrecisions;
import dev.showo2.model.internal.PendingFolder;
import dev.showo2.spi.Backend;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.BackendProvider;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The VAE in 32-bit floats, for a moment, as a bundle of its own: what a backend gives for it is
 * compared with its results for the one in half precision. A backend that runs any bundle runs it:
 * every bundle has stages in fp32.
 */
final class Fp32VaeBaseline {

  private final ModelSource source;
  private final BackendProvider provider;
  private final ExportListener listener;

  Fp32VaeBaseline(ModelSource source, BackendProvider provider, ExportListener listener) {
    this.source = source;
    this.provider = provider;
    this.listener = listener;
  }

  /**
   * @param quantized what stages gave for the inputs of {@link StageProbe}
   * @param folder to write into; when this method ends, it holds what it held before
   * @return the errors of those of the VAE's stages that ran
   * @throws dev.showo2.error.BackendException if a stage does not run
   */
  Map<Stage, StageError> compare(Map<Stage, List<HostTensor>> quantized, Path folder)
      throws IOException {
    listener.phase("comparing the VAE with itself in fp32");
    // Never committed, so nothing stays of it.
    try (PendingFolder fp32 = PendingFolder.create(folder.resolve("fp32-vae"))) {
      write(fp32.working());
      Bundle bundle = Bundle.open(fp32.working(), Integrity.SIZES);
      Map<Stage, StageError> errors = new EnumMap<>(Stage.class);
      try (Backend backend = provider.open(bundle, BackendConfig.defaults())) {
        for (Stage stage : ModelPart.VAE.stages()) {
          if (quantized.containsKey(stage)) {
            InterruptionCheck.check();
            List<HostTensor> expected =
                new StageProbe(backend, bundle.architecture(), stage, Precision.FP32).run();
            errors.put(stage, StageError.of(expected, quantized.get(stage)));
          }
        }
      }
      return errors;
    }
  }

  private void write(Path folder) throws IOException {
    WeightPlan plan = WeightPlan.fp32Vae(source.architecture(), source.vae());
    DiskSpace.require(folder, "VAE to compare with", plan.totalBytes());
    BundleWriter bundle = new BundleWriter(folder, ExportListener.NONE);
    WeightLocations weights = bundle.writeWeights(plan);
    bundle.writeGraphs(dialect -> StageGraphs.vae(source.architecture(), weights, dialect));
    bundle.writeTokenizer(source.tokenizer());
    bundle.writeManifest(source, StagePrecisions.FP32);
  }
}
