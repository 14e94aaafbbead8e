package dev.showo2.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.showo2.error.BackendException;
import dev.showo2.testing.FakeProvider;
import dev.showo2.testing.RegisteredProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.suite.api.ConfigurationParameter;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.junit.platform.testkit.engine.Events;

class ConformanceSuiteTest {

  private static final String CHECK = "H-01/tiny-a/time_embedding";

  @TempDir private Path folder;

  /** As vendors write it. */
  @ConfigurationParameter(key = ConformanceSuite.BACKEND, value = "reference")
  static class ReferenceSuite extends ConformanceSuite {}

  /** Set up from outside. */
  static class AnySuite extends ConformanceSuite {}

  /** The other entry. */
  static class ReferenceConformanceTest extends ConformanceTest {

    static Path reports;

    @Override
    protected String backend() {
      return "reference";
    }

    @Override
    protected Path reports() {
      return reports;
    }
  }

  private EngineTestKit.Builder run(Class<?> suite) {
    return EngineTestKit.engine("junit-platform-suite")
        .selectors(selectClass(suite))
        .configurationParameter(ConformanceSuite.REPORTS, folder.toString());
  }

  private static String failure(EngineExecutionResults results) {
    List<Event> failed = results.allEvents().failed().list();
    assertEquals(1, failed.size(), () -> results.allEvents().list().toString());
    return failed.get(0).getPayload().orElseThrow().toString();
  }

  @Test
  void anEmptyClassRunsTheKitAndWritesTheReport() throws IOException {
    Events tests =
        run(ReferenceSuite.class)
            .configurationParameter(ConformanceSuite.ONLY, CHECK)
            .execute()
            .testEvents();
    assertEquals(1, tests.succeeded().count());
    assertEquals(CHECK, tests.succeeded().list().get(0).getTestDescriptor().getDisplayName());
    assertEquals(0, tests.failed().count());
    assertTrue(Files.exists(folder.resolve("reference-cpu-only.md")));
    assertTrue(Files.exists(folder.resolve("reference-cpu-only.xml")));
    JsonObject report =
        JsonParser.parseString(Files.readString(folder.resolve("reference-cpu-only.json")))
            .getAsJsonObject();
    assertTrue(report.get("successful").getAsBoolean());
    assertFalse(report.get("conformant").getAsBoolean(), "one check is not all rules");
    assertEquals(1, report.getAsJsonArray("checks").size());
  }

  @Test
  void backendDeviceAndPrecisionMayComeFromOutside() {
    Events tests =
        run(AnySuite.class)
            .configurationParameter(ConformanceSuite.BACKEND, "reference")
            .configurationParameter(ConformanceSuite.DEVICE, "abacus")
            .configurationParameter(ConformanceSuite.PRECISION, "fp16")
            .configurationParameter(ConformanceSuite.ONLY, CHECK)
            .execute()
            .testEvents();
    assertEquals(1, tests.aborted().count(), "a device that is not there proves nothing");
    assertTrue(Files.exists(folder.resolve("reference-abacus-fp16-only.json")));
  }

  @Test
  void aFailureSaysHowToRunItAgainWithTheSuiteThatIsRun() throws Exception {
    FakeProvider broken =
        new FakeProvider("broken")
            .opening(
                bundle -> {
                  throw new BackendException("the engine is out of order");
                });
    String failure =
        RegisteredProvider.using(
            broken,
            () ->
                failure(
                    run(AnySuite.class)
                        .configurationParameter(ConformanceSuite.BACKEND, "broken")
                        .configurationParameter(ConformanceSuite.ONLY, CHECK)
                        .execute()));
    String again =
        "mvn test -Dtest='ConformanceSuiteTest$AnySuite' -Dshowo2.conformance.backend=broken"
            + " -Dshowo2.conformance.only="
            + CHECK;
    assertTrue(failure.contains("the engine is out of order\nagain: " + again), failure);
    String report = Files.readString(folder.resolve("broken-cpu-only.md"));
    assertTrue(report.contains("\n    " + again + "\n"), report);
  }

  @Test
  void waiversAreRead() throws IOException {
    Path waivers = Files.writeString(folder.resolve("waivers"), "R-14 atomics\nnonsense\n");
    String failure =
        failure(
            run(ReferenceSuite.class)
                .configurationParameter(ConformanceSuite.WAIVERS, waivers.toString())
                .configurationParameter(ConformanceSuite.ONLY, CHECK)
                .execute());
    assertTrue(failure.contains("found 'nonsense'"), failure);
  }

  @Test
  void systemPropertiesStandInForWhatTheSuiteLeavesOpen() {
    EngineTestKit.Builder suite = run(AnySuite.class).enableImplicitConfigurationParameters(true);
    Events tests =
        withProperty(
            ConformanceSuite.BACKEND,
            "reference",
            () ->
                suite.configurationParameter(ConformanceSuite.ONLY, CHECK).execute().testEvents());
    assertEquals(1, tests.succeeded().count(), tests.list()::toString);
  }

  private static <T> T withProperty(String name, String value, Supplier<T> work) {
    String before = System.getProperty(name);
    System.setProperty(name, value);
    try {
      return work.get();
    } finally {
      if (before == null) {
        System.clearProperty(name);
      } else {
        System.setProperty(name, before);
      }
    }
  }

  @Test
  void withoutABackendItSaysHowToNameOne() {
    String failure = failure(run(AnySuite.class).execute());
    assertTrue(failure.contains("system property showo2.conformance.backend"), failure);
  }

  @Test
  void aChoiceOfNothingIsAFailureAndNoReport() {
    String failure =
        failure(
            run(ReferenceSuite.class)
                .configurationParameter(ConformanceSuite.ONLY, "B-77")
                .execute());
    assertTrue(failure.contains("no check is chosen by 'B-77'"), failure);
    assertFalse(Files.exists(folder.resolve("reference-cpu-only.json")));
  }

  @Test
  void theAbstractTestTakesItsChoiceFromTheSystemProperty() {
    ReferenceConformanceTest.reports = folder;
    Events tests =
        withProperty(
            ConformanceTest.ONLY,
            CHECK + ",H-01/tiny-b/time_embedding",
            () ->
                EngineTestKit.engine("junit-jupiter")
                    .selectors(selectClass(ReferenceConformanceTest.class))
                    .execute()
                    .testEvents());
    assertEquals(2, tests.succeeded().count(), tests.list()::toString);
    assertTrue(Files.exists(folder.resolve("reference-cpu-only.json")));
  }
}
