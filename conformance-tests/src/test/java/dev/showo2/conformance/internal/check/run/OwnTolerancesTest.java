package dev.showo2.conformance.internal.check.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.showo2.conformance.compare.Comparison;
import dev.showo2.conformance.internal.check.Check;
import dev.showo2.conformance.internal.check.Inputs;
import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.compare.Checks.Within;
import dev.showo2.conformance.reference.ExportedModels;
import dev.showo2.conformance.reference.ExportedModels.Models;
import dev.showo2.conformance.report.Outcome;
import dev.showo2.conformance.report.Status;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.model.Precision;
import dev.showo2.spi.Backend;
import dev.showo2.stage.LanguageHead;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.testing.FakeProvider;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Compares a backend with itself more closely than with the reference. */
@ExtendWith(ExportedModels.class)
class OwnTolerancesTest {

  private static final HostTensor ONE = new HostTensor(Shape.of(2), new float[] {1, 0.5f});

  @ParameterizedTest
  @EnumSource(Precision.class)
  void theSameCallAgainIsJudgedAsInFp32(Precision precision) {
    Checks checks = new Checks(precision);
    checks.compare("a bit off", near(1e-5f), ONE, Within.SAME_CALL);
    checks.compare("too far off", near(1e-4f), ONE, Within.SAME_CALL);
    checks.compare("the end of a run", near(1e-4f), ONE, Within.SAME_RUN);
    checks.compare("the end of another run", near(1e-3f), ONE, Within.SAME_RUN);
    assertEquals(List.of(true, false, true, false), passed(checks));
  }

  @Test
  void piecesInInt8MayDifferByAStepOfAnInput() {
    Checks checks = new Checks(Precision.INT8);
    checks.compare("a step", near(0.02f), ONE, Within.PIECES);
    checks.compare("more", near(0.07f), ONE, Within.PIECES);
    checks.compare("more, compared with the reference", near(0.07f), ONE, Within.STAGE);
    assertEquals(List.of(true, false, true), passed(checks));
  }

  /** In the direction of the tensor, so that the angle is not what counts. */
  private static HostTensor near(float difference) {
    return new HostTensor(ONE.shape(), new float[] {1 + difference, 0.5f + difference / 2});
  }

  private static List<Boolean> passed(Checks checks) {
    return checks.comparisons().stream().map(Comparison::passed).toList();
  }

  @Test
  void anotherAnswerEachTimeIsFoundInInt8(Models models) {
    FakeProvider restless =
        new FakeProvider("restless").opening(b -> new Restless(TinyModels.open(b)));
    try (Bench bench = Bench.on(models, restless)) {
      for (Check check : AllChecks.ofPipelinesAndContract()) {
        if (check.rule() == Rule.R13) {
          Outcome outcome = new CheckRunner(Precision.INT8).run(check, "tiny-a", bench.context());
          assertEquals(Status.FAILED, outcome.status(), outcome::toString);
        }
      }
    }
  }

  /** Its logits are a little larger each time, by far less than int8 takes away from them. */
  private static final class Restless extends Altered {

    private float factor = 1;

    private Restless(Backend right) {
      super(right);
    }

    @Override
    public LanguageHead languageHead() {
      LanguageHead right = super.languageHead();
      return request -> {
        factor *= 1.001f;
        return changed(right.logits(request), logits -> Inputs.scaled(logits, factor));
      };
    }
  }
}
