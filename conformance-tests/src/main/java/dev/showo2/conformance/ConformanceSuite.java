package dev.showo2.conformance;

import org.apiguardian.api.API;
import org.junit.platform.suite.api.SelectClasses;
import org.junit.platform.suite.api.Suite;

/**
 * All rules of the kit as a suite of the JUnit Platform, set up by configuration parameters alone:
 *
 * <pre>{@code
 * @ConfigurationParameter(key = ConformanceSuite.BACKEND, value = "onnx")
 * class OnnxSuiteTest extends ConformanceSuite {}
 * }</pre>
 *
 * <p>A parameter that the suite does not set is taken from the build, and else from the system
 * property of that name. Besides this kit, the class path needs JUnit Jupiter and {@code
 * org.junit.platform:junit-platform-suite}. Report and choice of checks are those of {@link
 * ConformanceTest}.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@Suite
@SelectClasses(SuiteTests.class)
public abstract class ConformanceSuite {

  /** The id by which {@link java.util.ServiceLoader} finds the backend; needed. */
  public static final String BACKEND = "showo2.conformance.backend";

  /** The device that it is opened on; without it, the CPU. */
  public static final String DEVICE = "showo2.conformance.device";

  /** By whose tolerances it is judged, such as {@code fp16}; without it, fp32. */
  public static final String PRECISION = "showo2.conformance.precision";

  /** A file as {@link Waivers#read} takes it; without it, no failure is accepted. */
  public static final String WAIVERS = "showo2.conformance.waivers";

  /** The checks to run, as {@link Selection#of} takes them; without it, all. */
  public static final String ONLY = ConformanceTest.ONLY;

  /** The folder for the report; without it, {@code target/conformance}. */
  public static final String REPORTS = "showo2.conformance.reports";
}
