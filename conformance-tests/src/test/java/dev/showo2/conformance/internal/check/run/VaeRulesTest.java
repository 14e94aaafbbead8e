package dev.showo2.conformance.internal.check.run;

import dev.showo2.conformance.internal.check.Inputs;
import dev.showo2.conformance.reference.ExportedModels;
import dev.showo2.conformance.reference.ExportedModels.Models;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.tensor.HostTensor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(ExportedModels.class)
class VaeRulesTest {

  private static StageBench bench;

  @BeforeAll
  static void open(Models models) {
    bench = new StageBench(models);
  }

  @AfterAll
  static void close() {
    bench.close();
  }

  @ParameterizedTest
  @EnumSource(names = {"V02", "V03", "V04", "V05", "V06", "V07", "V08", "V09"})
  void theReferenceKeepsTheRule(Rule rule) {
    bench.assertKept(rule);
  }

  @Test
  void sizesThatAreSwappedAreSeen() {
    bench.assertBroken(
        Rule.V02,
        "height and width swapped",
        right ->
            new AlteredVae(right) {
              @Override
              HostTensor result(HostTensor result) {
                long[] shape = result.shape().toArray();
                return result.reshape(shape[0], shape[1], shape[2], shape[4], shape[3]);
              }
            });
  }

  @Test
  void aPastThatIsForgottenIsSeen() {
    bench.assertBroken(Rule.V03, "look at what the stream keeps", ForgetfulStreams::new);
    bench.assertBroken(Rule.V05, "look at what the stream keeps", ForgetfulStreams::new);
  }

  @Test
  void clampedPixelsAreSeen() {
    bench.assertBroken(
        Rule.V04,
        "whoever makes an image of it clamps",
        right ->
            new AlteredVae(right) {
              @Override
              HostTensor result(HostTensor result) {
                return clamped(result, -1, 1);
              }
            });
  }

  @Test
  void clampedLogVariancesAreSeen() {
    bench.assertBroken(
        Rule.V06,
        "only who draws latents clamps",
        right ->
            new AlteredVae(right) {
              @Override
              HostTensor logVariance(HostTensor logVariance) {
                return clamped(logVariance, -30, 20);
              }
            });
  }

  @Test
  void shiftedLogVariancesAreSeen() {
    bench.assertBroken(
        Rule.V06,
        "are for the first half",
        right ->
            new AlteredVae(right) {
              @Override
              HostTensor logVariance(HostTensor logVariance) {
                return Inputs.scaled(logVariance, 0.5f);
              }
            });
  }

  @Test
  void imagesThatAreNoFirstFramesAreSeen() {
    bench.assertBroken(
        Rule.V07,
        "only the last slice in time counts",
        right ->
            new AlteredVae(right) {
              @Override
              HostTensor input(HostTensor input) {
                return Inputs.scaled(input, 0.9f);
              }
            });
  }

  @Test
  void streamsThatShareTheirPastAreSeen() {
    bench.assertBroken(Rule.V08, "each stream has its own", SharedStreams::new);
  }

  @Test
  void rowsThatChangePlacesAreSeen() {
    bench.assertBroken(
        Rule.V09,
        "look at where rows meet",
        right ->
            new AlteredVae(right) {
              @Override
              HostTensor result(HostTensor result) {
                return reversed(result, 0);
              }
            });
  }
}
