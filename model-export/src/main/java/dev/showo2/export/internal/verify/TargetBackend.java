package dev.showo2.export.internal.verify;

import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.export.ExportPrecision;
import dev.showo2.model.Precision;
import dev.showo2.spi.Backends;
import dev.showo2.spi.Backends.Candidate;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apiguardian.api.API;

/** The backend that an export is made for, asked before work starts. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class TargetBackend {

  private TargetBackend() {}

  /**
   * A target need not be able to run here: bundles are made on other machines than they are used
   * on.
   *
   * @throws UnsupportedFeatureException if it is not found, or does not run a precision
   */
  public static void require(String id, ExportPrecision precision) {
    List<Candidate> candidates = Backends.find().candidates();
    Set<Precision> offered =
        candidates.stream()
            .filter(candidate -> candidate.id().equals(id))
            .findFirst()
            .map(Candidate::precisions)
            .orElseThrow(() -> unknown(id, candidates));
    String others = precision.byStage().outside(offered);
    if (!others.isEmpty()) {
      throw new UnsupportedFeatureException(
          "the backend '"
              + id
              + "' runs "
              + new TreeSet<>(offered).stream().map(Precision::id).collect(Collectors.joining(", "))
              + "; asked for was "
              + others
              + ": choose one of its precisions, or name no target");
    }
  }

  private static UnsupportedFeatureException unknown(String id, List<Candidate> candidates) {
    return new UnsupportedFeatureException(
        "there is no backend '"
            + id
            + "' to export for; found were "
            + candidates.stream().map(Candidate::id).collect(Collectors.joining(", "))
            + ": add its artifact, or name no target");
  }
}
