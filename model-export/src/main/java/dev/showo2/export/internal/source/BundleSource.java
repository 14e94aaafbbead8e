package dev.showo2.export.internal.source;

import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.checkpoint.Checkpoints;
import dev.showo2.export.internal.checkpoint.JoinedWeights;
import dev.showo2.export.internal.checkpoint.OpenedWeights;
import dev.showo2.export.internal.io.TokenizerFile;
import dev.showo2.export.internal.plan.BundleWeights;
import dev.showo2.export.internal.plan.ModelSource;
import dev.showo2.model.Bundle;
import dev.showo2.model.BundleManifest;
import dev.showo2.model.Precision;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apiguardian.api.API;

/** A bundle to write once more in another precision. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class BundleSource {

  /** Integers have lost what another precision would need. */
  private static final Set<Precision> FLOATS = EnumSet.range(Precision.FP32, Precision.BF16);

  private BundleSource() {}

  /**
   * Opens a bundle, whose files are all checked first.
   *
   * @throws dev.showo2.error.InvalidModelException if it is damaged
   * @throws UnsupportedFeatureException if a stage is stored in integers
   */
  public static ModelSource open(Path folder) {
    Bundle bundle = Bundle.open(folder);
    BundleManifest manifest = bundle.manifest();
    requireFloats(bundle);
    OpenedWeights opened = new OpenedWeights();
    try {
      List<CheckpointWeights> parts = new ArrayList<>();
      for (String file : BundleWeights.MODEL_FILES) {
        parts.add(opened.add(Checkpoints.open(folder.resolve(file))));
      }
      CheckpointWeights vae = opened.add(Checkpoints.open(folder.resolve(BundleWeights.VAE_FILE)));
      return new ModelSource(
          manifest.name(),
          manifest.architecture(),
          JoinedWeights.of(folder, parts),
          vae,
          bundle.tokenizer(),
          TokenizerFile.read(bundle.tokenizer(), manifest.architecture()),
          manifest.defaults());
    } catch (RuntimeException | Error e) {
      opened.closeAfter(e);
      throw e;
    }
  }

  private static void requireFloats(Bundle bundle) {
    String integers = bundle.manifest().precision().outside(FLOATS);
    if (!integers.isEmpty()) {
      throw new UnsupportedFeatureException(
          bundle
              + " keeps "
              + integers
              + "; a bundle in fp32, fp16 or bf16 is needed to make another precision of, or the"
              + " checkpoint itself");
    }
  }
}
