package dev.showo2.bench;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.showo2.conformance.FixtureModels;
import dev.showo2.conformance.Target;
import dev.showo2.spi.BackendConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apiguardian.api.API;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * The measurement of one backend as a JUnit test: extend it, name the backend, run it. No time
 * decides anything; the page is written to {@link #reports()} and printed. Where the backend cannot
 * run the test is skipped and says why.
 *
 * <p>The system property {@value #BUNDLE} names the bundle; without it, it is the demo model.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@Isolated("times of a busy machine say little")
public abstract class BenchmarkTest {

  /** The system property that names a bundle; a blank value counts as none. */
  public static final String BUNDLE = "showo2.benchmark.bundle";

  /** Makes the test of one backend. */
  protected BenchmarkTest() {}

  /** {@return the id by which {@link java.util.ServiceLoader} finds the backend} */
  protected abstract String backend();

  /** {@return the configuration with which it is opened; its defaults unless overridden} */
  protected BackendConfig config() {
    return BackendConfig.defaults();
  }

  /** {@return what is measured; {@link BenchmarkPlan#DEFAULT} unless overridden} */
  protected BenchmarkPlan plan() {
    return BenchmarkPlan.DEFAULT;
  }

  /** {@return the folder for the page; that of Maven's build unless overridden} */
  protected Path reports() {
    return Path.of("target", "benchmark");
  }

  @Test
  void measures(TestReporter reporter) throws IOException {
    Target target = Target.of(backend()).with(config());
    target.obstacle().ifPresent(reason -> abort("not run: " + reason));
    try (FixtureModels models = new FixtureModels()) {
      Path bundle =
          Optional.ofNullable(System.getProperty(BUNDLE))
              .filter(name -> !name.isBlank())
              .map(Path::of)
              .orElseGet(() -> models.bundle(FixtureModels.DEMO).directory());
      String name = backend() + "-" + config().device().toString().replace(':', '-');
      BenchmarkResult result =
          Benchmark.run(
                  List.of(new BenchmarkTarget(name, bundle, backend(), config(), Optional.empty())),
                  plan(),
                  note -> {})
              .get(0);
      String page = BenchmarkReport.of(result);
      Files.createDirectories(reports());
      Files.writeString(reports().resolve(name + ".md"), page);
      Files.writeString(reports().resolve(name + ".json"), result.toJson() + "\n");
      reporter.publishEntry(name, "\n" + page);
      assertFalse(result.figures().isEmpty(), page);
    }
  }
}
