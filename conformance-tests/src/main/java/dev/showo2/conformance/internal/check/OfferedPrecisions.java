package dev.showo2.conformance.internal.check;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.model.Bundle;
import dev.showo2.model.BundleManifest;
import dev.showo2.model.Integrity;
import dev.showo2.model.Precision;
import dev.showo2.model.StagePrecisions;
import dev.showo2.stage.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What a provider says of precisions, and bundles whose manifest claims those that it has not. */
final class OfferedPrecisions {

  private OfferedPrecisions() {}

  static List<Check> checks() {
    return List.of(Check.of(Rule.R22, "precisions", OfferedPrecisions::precisions));
  }

  private static void precisions(CheckContext trial, Checks checks) throws IOException {
    Set<Precision> offered = trial.provider().precisions();
    checks.holds(
        "precisions",
        offered != null && !offered.isEmpty(),
        "are " + offered + ", at least one is needed");
    checks.holds(
        "precisions when asked again",
        offered == null || offered.equals(trial.provider().precisions()),
        "are not the same as before");
    if (offered == null) {
      return;
    }
    Set<Precision> others = EnumSet.allOf(Precision.class);
    others.removeAll(offered);
    if (others.isEmpty()) {
      checks.note("all precisions are offered, and none is left to be refused");
    }
    Refusals refusals =
        new Refusals(
            checks,
            UnsupportedFeatureException.class,
            "call dev.showo2.spi.PrecisionSupport.check first in the provider's open");
    try (BundleCopy copy = BundleCopy.of(trial.bundle())) {
      for (Precision other : others) {
        Bundle claimed = claiming(other, copy, trial.bundle().manifest());
        refusals.of(
            "opening a bundle in " + other.id(),
            other.id(),
            () -> trial.provider().open(claimed, trial.config()));
      }
    }
  }

  /** The weights are what they were: whoever reads the manifest alone has to refuse. */
  private static Bundle claiming(Precision precision, BundleCopy copy, BundleManifest manifest)
      throws IOException {
    StagePrecisions all =
        new StagePrecisions(
            Arrays.stream(Stage.values())
                .collect(Collectors.toMap(Function.identity(), stage -> precision)));
    BundleManifest claimed =
        new BundleManifest(
            manifest.name(),
            all,
            manifest.architecture(),
            manifest.specialTokens(),
            manifest.defaults(),
            manifest.files(),
            manifest.graphs());
    Files.writeString(copy.path().resolve(BundleManifest.FILE_NAME), claimed.toJson());
    return Bundle.open(copy.path(), Integrity.SIZES);
  }
}
