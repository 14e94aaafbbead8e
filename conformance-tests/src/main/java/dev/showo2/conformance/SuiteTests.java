package dev.showo2.conformance;

import dev.showo2.conformance.report.Rerun;
import dev.showo2.model.Precision;
import dev.showo2.spi.BackendConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** The tests that a {@link ConformanceSuite} runs. */
@ExtendWith(SuiteTests.SuiteParameters.Resolver.class)
final class SuiteTests extends ConformanceTest {

  /** All that a check depends on; those that the suite itself sets do no harm when set again. */
  private static final List<String> SETTINGS =
      List.of(
          ConformanceSuite.BACKEND,
          ConformanceSuite.DEVICE,
          ConformanceSuite.PRECISION,
          ConformanceSuite.WAIVERS);

  private final SuiteParameters parameters;

  SuiteTests(SuiteParameters parameters) {
    this.parameters = parameters;
  }

  @Override
  protected String backend() {
    return parameters
        .get(ConformanceSuite.BACKEND)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "which backend is to be tested? Give its id as the configuration parameter or"
                        + " system property "
                        + ConformanceSuite.BACKEND));
  }

  @Override
  protected BackendConfig config() {
    return parameters
        .get(ConformanceSuite.DEVICE)
        .map(device -> BackendConfig.builder().device(device).build())
        .orElse(super.config());
  }

  @Override
  protected Precision precision() {
    return parameters.get(ConformanceSuite.PRECISION).map(Precision::of).orElse(super.precision());
  }

  @Override
  protected Waivers waivers() {
    return parameters.get(ConformanceSuite.WAIVERS).map(SuiteTests::read).orElse(super.waivers());
  }

  private static Waivers read(String file) {
    try {
      return Waivers.read(Path.of(file));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the waivers in " + file, e);
    }
  }

  @Override
  protected Path reports() {
    return parameters.get(ConformanceSuite.REPORTS).map(Path::of).orElse(super.reports());
  }

  @Override
  Optional<String> only() {
    return parameters.get(ConformanceSuite.ONLY);
  }

  @Override
  String runnable() {
    return parameters.suite().orElse(super.runnable());
  }

  @Override
  String settings() {
    StringBuilder text = new StringBuilder();
    for (String key : SETTINGS) {
      parameters
          .get(key)
          .ifPresent(
              value -> text.append(" -D").append(key).append('=').append(Rerun.quoted(value)));
    }
    return text.toString();
  }

  /** The parameters of a suite. */
  static final class SuiteParameters {

    /** A suite's part of JUnit's unique ids, the only place where what it runs can see its name. */
    private static final Pattern SUITE = Pattern.compile("\\[suite:([^\\]]+)]");

    private final ExtensionContext context;

    private SuiteParameters(ExtensionContext context) {
      this.context = context;
    }

    /** A parameter of the suite, of the build, or a system property; a blank one counts as none. */
    Optional<String> get(String key) {
      return context.getConfigurationParameter(key).filter(value -> !value.isBlank());
    }

    /** The class of the suite. */
    Optional<String> suite() {
      Matcher matcher = SUITE.matcher(context.getUniqueId());
      return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    /** Hands the parameters to the tests. */
    static final class Resolver implements ParameterResolver {

      @Override
      public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == SuiteParameters.class;
      }

      @Override
      public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return new SuiteParameters(context);
      }
    }
  }
}
