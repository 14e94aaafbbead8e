package dev.showo2.conformance.golden.record;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.model.Bundle;
import dev.showo2.spi.Backend;
import dev.showo2.spi.BackendProvider;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apiguardian.api.API;

/**
 * The request for a recording. Immutable.
 *
 * @param bundle that the backend was opened on
 * @param provider of the backend; its id and version are written down
 * @param backend stays open
 * @param folder for the cases: one that does not exist yet, or an empty one
 * @param seed of all inputs, with the meaning of {@code torch.manual_seed}: 0 … 2³² - 1
 * @param cases names of those to record, out of {@link GoldenRecorder#caseNames()}
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RecordRequest(
    Bundle bundle,
    BackendProvider provider,
    Backend backend,
    Path folder,
    long seed,
    Set<String> cases) {

  private static final long LARGEST_SEED = 0xffff_ffffL;

  /**
   * Makes a record request and validates its components.
   *
   * @param bundle the bundle that is run
   * @param provider opens the backend that computes the outputs
   * @param backend configuration of the backend
   * @param folder the folder to write
   * @param seed of the inputs
   * @param cases names of the cases to record
   * @throws InvalidRequestException if the seed is out of its range, or no case or an unknown one
   *     is named
   */
  public RecordRequest {
    Objects.requireNonNull(bundle, "bundle");
    Objects.requireNonNull(provider, "provider");
    Objects.requireNonNull(backend, "backend");
    Objects.requireNonNull(folder, "folder");
    cases = Set.copyOf(cases);
    if (seed < 0 || seed > LARGEST_SEED) {
      throw new InvalidRequestException("seed: 0 to " + LARGEST_SEED + " is needed, found " + seed);
    }
    List<String> known = GoldenRecorder.caseNames();
    if (cases.isEmpty() || !known.containsAll(cases)) {
      throw new InvalidRequestException(
          "cases: some of " + known + " are needed, found " + cases.stream().sorted().toList());
    }
  }

  /**
   * {@return a request for all cases}
   *
   * @param bundle the bundle that is run
   * @param provider opens the backend that computes the outputs
   * @param backend configuration of the backend
   * @param folder the folder to write
   * @param seed of the inputs
   */
  public static RecordRequest of(
      Bundle bundle, BackendProvider provider, Backend backend, Path folder, long seed) {
    return new RecordRequest(
        bundle, provider, backend, folder, seed, Set.copyOf(GoldenRecorder.caseNames()));
  }
}
