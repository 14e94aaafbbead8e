package dev.showo2.conformance;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.showo2.conformance.report.Rerun;
import dev.showo2.model.Precision;
import dev.showo2.spi.BackendConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.apiguardian.api.API;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * All rules of the kit as JUnit tests of one backend: extend it, name the backend, run it. A test
 * carries its rule in its name; what cannot run is skipped and says why. The report is written to
 * {@link #reports()} and told of on standard output.
 *
 * <p>The system property {@value #ONLY} chooses some of the checks: chapters, rules or checks with
 * commas between them, as in {@code B,L-04,B-04/tiny-a/backbone_two_spans}. Their report has {@code
 * -only} in its name and leaves that of all checks as it is.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Execution(ExecutionMode.SAME_THREAD)
@Isolated("some rules count the files, threads and settings of the whole process")
public abstract class ConformanceTest {

  /** The system property that chooses checks; a blank value counts as none. */
  public static final String ONLY = "showo2.conformance.only";

  private JUnitRun run;

  /** {@return the id by which {@link java.util.ServiceLoader} finds the backend} */
  protected abstract String backend();

  /** {@return the configuration with which it is opened; its defaults unless overridden} */
  protected BackendConfig config() {
    return BackendConfig.defaults();
  }

  /** {@return the precision by whose tolerances it is judged; fp32 unless overridden} */
  protected Precision precision() {
    return Precision.FP32;
  }

  /** {@return failures that are known and accepted; none unless overridden} */
  protected Waivers waivers() {
    return Waivers.NONE;
  }

  /** {@return the folder for the report; that of Maven's build unless overridden} */
  protected Path reports() {
    return Path.of("target", "conformance");
  }

  /**
   * What Maven has to be told besides to run this class, such as {@code -Pgpu} or {@code -pl
   * my-backend -am -Dsurefire.failIfNoSpecifiedTests=false}; the commands of the report begin with
   * it.
   *
   * @return the arguments, separated by spaces
   */
  protected String buildArguments() {
    return "";
  }

  /** The checks to run, or empty for all. */
  Optional<String> only() {
    return Optional.ofNullable(System.getProperty(ONLY)).filter(names -> !names.isBlank());
  }

  /** The class that a build asks for. */
  String runnable() {
    return getClass().getName();
  }

  /** What else a build is to be told, each part with a space before it. */
  String settings() {
    return "";
  }

  @TestFactory
  Stream<DynamicNode> rules() {
    try {
      Target target = Target.of(backend()).with(config()).with(precision());
      run = new JUnitRun(new Conformance(target, waivers()), only(), rerun());
      return run.tests();
    } catch (RuntimeException | LinkageError e) {
      // A factory that fails makes no test, and to a suite that is another failure.
      return Stream.of(dynamicTest("set-up", () -> fail(e.getMessage(), e)));
    }
  }

  private Rerun rerun() {
    String type = runnable();
    String name = type.substring(type.lastIndexOf('.') + 1);
    String build = buildArguments().isEmpty() ? "" : buildArguments() + " ";
    return new Rerun(
        "mvn test " + build + "-Dtest=" + Rerun.quoted(name) + settings() + " -D" + ONLY + "=");
  }

  @AfterAll
  void report() throws IOException {
    JUnitRun ended = run;
    if (ended != null) {
      try (ended) {
        ended.report(reports());
      }
    }
  }
}
