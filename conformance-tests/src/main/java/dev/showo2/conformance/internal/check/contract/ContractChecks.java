package dev.showo2.conformance.internal.check.contract;

import dev.showo2.conformance.internal.check.Check;
import java.util.List;
import java.util.stream.Stream;
import org.apiguardian.api.API;

/**
 * Checks of chapter R, resources and contract:
 *
 * <ul>
 *   <li>R-01, R-02: {@link ProviderChecks}
 *   <li>R-03, R-08, R-22: {@link OpeningChecks}
 *   <li>R-04, R-05: {@link LifetimeChecks}
 *   <li>R-06, R-07: {@link RefusalChecks}
 *   <li>R-09: {@link TransferChecks}
 *   <li>R-10 to: {@link CallChecks}
 *   <li>R-15, R-16, R-17: {@link ProcessChecks}
 * </ul>
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class ContractChecks {

  private ContractChecks() {}

  /** All checks of the chapter. */
  public static List<Check> all() {
    return Stream.of(
            ProviderChecks.all(),
            OpeningChecks.all(),
            LifetimeChecks.all(),
            RefusalChecks.all(),
            TransferChecks.all(),
            CallChecks.all(),
            ProcessChecks.all())
        .flatMap(List::stream)
        .toList();
  }
}
