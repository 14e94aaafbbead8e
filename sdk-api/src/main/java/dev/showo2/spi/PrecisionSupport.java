package dev.showo2.spi;

import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.model.Bundle;
import dev.showo2.model.Precision;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apiguardian.api.API;

/** Comparison of the precisions that a backend offers with those of a bundle. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class PrecisionSupport {

  private PrecisionSupport() {}

  /**
   * Refuses a bundle that a backend does not run; providers call it in {@link
   * BackendProvider#open}.
   *
   * @param provider whose {@link BackendProvider#precisions()} are offered
   * @param bundle that is to be opened
   * @throws UnsupportedFeatureException naming the backend, each stage with its precision, and the
   *     precisions that the backend offers
   */
  public static void check(BackendProvider provider, Bundle bundle) {
    check("'" + provider.id() + "'", provider.precisions(), bundle, "");
  }

  /**
   * @param backend as the message names it
   * @param others backends that offer the precisions of the bundle, or blank
   */
  static void check(String backend, Set<Precision> offered, Bundle bundle, String others) {
    if (!cover(offered, bundle)) {
      throw new UnsupportedFeatureException(
          "the backend "
              + backend
              + " does not run "
              + bundle
              + ": it offers "
              + ids(offered)
              + ", found "
              + bundle.manifest().precision().outside(offered)
              + "; export or convert the checkpoint in what it offers, or choose a backend that"
              + " offers what was found"
              + (others.isBlank() ? "" : ": " + others));
    }
  }

  static boolean cover(Set<Precision> offered, Bundle bundle) {
    return offered.containsAll(bundle.manifest().precision().byStage().values());
  }

  /** Such as {@code fp32, int8}. */
  static String ids(Set<Precision> precisions) {
    return new TreeSet<>(precisions).stream().map(Precision::id).collect(Collectors.joining(", "));
  }
}
