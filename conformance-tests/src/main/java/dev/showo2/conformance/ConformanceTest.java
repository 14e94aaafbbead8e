package dev.showo2.conformance;

import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.showo2.conformance.compare.Precision;
import dev.showo2.conformance.report.Outcome;
import dev.showo2.conformance.report.Status;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.spi.BackendConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apiguardian.api.API;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.opentest4j.TestAbortedException;

/**
 * All rules of the kit as JUnit tests of one backend: extend it, name the backend, run it. A test
 * carries its rule in its name; what cannot run is skipped and says why.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class ConformanceTest {

  private Conformance kit;

  /** The id by which {@link java.util.ServiceLoader} finds the backend. */
  protected abstract String backend();

  /** With which it is opened; its defaults unless overridden. */
  protected BackendConfig config() {
    return BackendConfig.defaults();
  }

  /** By whose tolerances it is judged; fp32 unless overridden. */
  protected Precision precision() {
    return Precision.FP32;
  }

  /** Failures that are known and accepted; none unless overridden. */
  protected Waivers waivers() {
    return Waivers.NONE;
  }

  @TestFactory
  Stream<DynamicContainer> rules() {
    kit = new Conformance(Target.of(backend()).with(config()).with(precision()), waivers());
    Map<Rule, List<DynamicTest>> byRule = new TreeMap<>();
    for (PlannedCheck planned : kit.plan()) {
      byRule
          .computeIfAbsent(planned.rule(), rule -> new ArrayList<>())
          .add(dynamicTest(planned.id(), () -> run(planned)));
    }
    return byRule.entrySet().stream()
        .map(
            entry ->
                dynamicContainer(
                    entry.getKey() + " " + entry.getKey().sentence(), entry.getValue()));
  }

  private void run(PlannedCheck planned) {
    Outcome outcome = kit.run(planned);
    if (outcome.status() == Status.FAILED) {
      Rule rule = outcome.rule();
      throw new AssertionError(
          rule + " " + rule.level() + ": " + rule.sentence() + "\n" + outcome.problem());
    }
    if (outcome.status() != Status.PASSED) {
      throw new TestAbortedException(outcome.status() + ": " + outcome.reason());
    }
  }

  @AfterAll
  void report() {
    if (kit != null) {
      kit.close();
    }
  }
}
