package dev.showo2.conformance;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** What a suite was set up with. */
final class SuiteParameters {

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
