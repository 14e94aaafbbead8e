package dev.showo2.conformance.internal.check.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.conformance.Target;
import dev.showo2.conformance.UnderTest;
import dev.showo2.conformance.Verification;
import dev.showo2.conformance.fault.Fault;
import dev.showo2.conformance.golden.GoldenSet;
import dev.showo2.conformance.reference.ExportedModels;
import dev.showo2.conformance.reference.ExportedModels.Models;
import dev.showo2.conformance.report.Report;
import dev.showo2.conformance.report.Status;
import dev.showo2.model.Bundle;
import dev.showo2.model.Precision;
import dev.showo2.spi.Backend;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Each precision is given as much room as its rounding needs, and not more than faults take. */
@ExtendWith(ExportedModels.class)
class PrecisionTest {

  private static final Set<String> CASES =
      Set.of("fusion_image", "backbone_one_span", "flow_head_one_span");

  @ParameterizedTest
  @EnumSource(Precision.class)
  void rounding(Precision precision, Models models) {
    Report report = verify(models, precision, bundle -> RoundedWeights.open(bundle, precision));
    assertTrue(report.successful(), report::toString);
    assertEquals(0, report.count(Status.NOT_RUN));
  }

  @ParameterizedTest
  @EnumSource(value = Precision.class, mode = Mode.EXCLUDE, names = "FP32")
  void roundingIsNoFp32(Precision precision, Models models) {
    Report report =
        verify(models, Precision.FP32, bundle -> RoundedWeights.open(bundle, precision));
    assertFalse(report.successful(), report::toString);
  }

  @ParameterizedTest
  @EnumSource(value = Precision.class, mode = Mode.EXCLUDE, names = "FP32")
  void aFaultIsNoRounding(Precision precision, Models models) {
    for (String fault : Set.of("gate-and-scale-swapped", "image-causal")) {
      Report report = verify(models, precision, Fault.named(fault)::open);
      assertFalse(report.successful(), () -> fault + " passes as " + precision);
    }
  }

  private static Report verify(
      Models models, Precision precision, Function<Bundle, Backend> opening) {
    Target target = UnderTest.target(opening).with(precision);
    return new Verification(target, models.bundle("tiny-b"))
        .run(
            GoldenSet.open(models.fixture("tiny-b")),
            golden -> CASES.contains(golden.name()),
            outcome -> {});
  }
}
