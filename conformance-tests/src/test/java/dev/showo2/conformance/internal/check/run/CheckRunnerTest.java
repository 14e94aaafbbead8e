package dev.showo2.conformance.internal.check.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.showo2.conformance.internal.check.Check;
import dev.showo2.conformance.internal.check.CheckContext;
import dev.showo2.conformance.internal.golden.pass.LoadedBackend;
import dev.showo2.conformance.reference.ReferenceBackendProvider;
import dev.showo2.conformance.report.Outcome;
import dev.showo2.conformance.report.Status;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.model.Precision;
import dev.showo2.spi.Backend;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.Capabilities;
import java.lang.reflect.Proxy;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CheckRunnerTest {

  @Test
  void hintsAreGivenForWhatDidNotHoldAndOnce() {
    Outcome outcome =
        run(
            (context, checks) -> {
              checks.hint("look here");
              checks.require("a", true, "is wrong");
              checks.hint("look there");
              checks.require("b", false, "is wrong");
              checks.require("c", false, "is wrong too");
            });
    assertEquals(Status.FAILED, outcome.status());
    assertEquals("b is wrong; c is wrong too; look there", outcome.problem());
  }

  @Test
  void hintsSurviveAnException() {
    Outcome outcome =
        run(
            (context, checks) -> {
              checks.hint("look here");
              checks.require("a", false, "is wrong");
              throw new IllegalStateException("the end");
            });
    assertEquals("a is wrong; IllegalStateException: the end; look here", outcome.problem());
  }

  @Test
  void whatPassesHasNoAdvice() {
    Outcome outcome =
        run(
            (context, checks) -> {
              checks.hint("look here");
              checks.require("a", true, "is wrong");
            });
    assertEquals(Status.PASSED, outcome.status());
    assertEquals("", outcome.advice());
  }

  private static Outcome run(Check.Experiment experiment) {
    Backend backend =
        (Backend)
            Proxy.newProxyInstance(
                Backend.class.getClassLoader(),
                new Class<?>[] {Backend.class},
                (proxy, method, arguments) -> Capabilities.of(Set.of()));
    CheckContext context =
        new CheckContext(
            new ReferenceBackendProvider(),
            BackendConfig.defaults(),
            new LoadedBackend(null, backend),
            () -> null);
    return new CheckRunner(Precision.FP32)
        .run(Check.of(Rule.B02, "a check", experiment), "tiny-a", context);
  }
}
