package dev.showo2.conformance.property;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import dev.showo2.conformance.reference.ReferenceBackendProvider;
import dev.showo2.model.Architecture;
import dev.showo2.spi.BackendProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import net.jqwik.api.PropertyDefaults;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** The properties find what is wrong, and tell it by the smallest model and lengths. */
class BackendPropertiesTest {

  private static final int TRIES = 3;
  private static final Path DATABASE = Path.of(".jqwik-database");

  /** Run by the tests below only; the name keeps it from being found. */
  @PropertyDefaults(tries = TRIES)
  static class OfAWrongBackend extends BackendProperties {

    @Override
    protected BackendProvider provider() {
      return new FaultyBackendProvider(new ReferenceBackendProvider());
    }
  }

  @Test
  void aWrongStageFailsWithAShrunkSample() {
    Outcome outcome = run("backbone");
    String message = outcome.result().getThrowable().orElseThrow().getMessage();
    assertEquals(TestExecutionResult.Status.FAILED, outcome.result().getStatus());
    assertTrue(message.startsWith("segment 0 appended max abs "), message);
    assertTrue(message.endsWith("too far off"), message);
    assertTrue(outcome.report().contains("seed = 2026 "), outcome::report);
    String shrunk = outcome.report().split("Original Sample")[0];
    assertTrue(
        shrunk.contains(
            "BackboneCase[batch=1, segments=[Segment[first=1, second=0, attention=FULL]]]"),
        shrunk);
    assertTrue(shrunk.contains("Architecture[backbone=Decoder["), shrunk);
  }

  @Test
  void whatIsRightPassesBesideIt() {
    Outcome outcome = run("languageHead");
    assertEquals(TestExecutionResult.Status.SUCCESSFUL, outcome.result().getStatus());
    assertTrue(outcome.report().contains("tries = " + TRIES + " "), outcome::report);
    assertTrue(!Files.exists(DATABASE), DATABASE::toString);
  }

  /**
   * @param report all that was published during the property
   */
  private record Outcome(TestExecutionResult result, String report) {}

  private static Outcome run(String property) {
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(
                selectMethod(
                    OfAWrongBackend.class.getName()
                        + "#"
                        + property
                        + "("
                        + StageCase.class.getName()
                        + ","
                        + Architecture.class.getName()
                        + ")"))
            .configurationParameter("jqwik.reporting.usejunitplatform", "true")
            .configurationParameter("jqwik.reporting.onlyfailures", "false")
            .configurationParameter("jqwik.shrinking.bounded.seconds", "3")
            .build();
    Map<String, TestExecutionResult> results = new HashMap<>();
    StringBuilder report = new StringBuilder();
    LauncherFactory.create()
        .execute(
            request,
            new TestExecutionListener() {
              @Override
              public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                results.put(test.getDisplayName(), result);
              }

              @Override
              public void reportingEntryPublished(TestIdentifier test, ReportEntry entry) {
                report.append(entry.getKeyValuePairs());
              }
            });
    return new Outcome(results.get(property), report.toString());
  }
}
