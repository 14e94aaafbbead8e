package dev.showo2.conformance.internal.check.run;

import dev.showo2.conformance.reference.ExportedModels;
import dev.showo2.conformance.reference.ExportedModels.Models;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.spi.Backend;
import dev.showo2.stage.Fusion;
import dev.showo2.stage.FusionRequest;
import dev.showo2.stage.TokenGrid;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(ExportedModels.class)
class FusionRulesTest {

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
  @EnumSource(names = {"F02", "F03", "F04", "F05", "F06"})
  void theReferenceKeepsTheRule(Rule rule) {
    bench.assertKept(rule);
  }

  @Test
  void framesInAnotherOrderAreSeen() {
    bench.assertBroken(Rule.F02, "order", withLatents(latents -> Altered.reversed(latents, 2)));
  }

  @Test
  void positionsOfAnotherGridAreSeen() {
    bench.assertBroken(
        Rule.F03,
        "tiny-b",
        "look at the positions: the square table is interpolated to the rows and columns",
        withLatents(FusionRulesTest::withSidesSwapped));
  }

  @Test
  void tokensWithoutPositionsAreSeen() {
    bench.assertBroken(
        Rule.F03,
        "tiny-a",
        "expected an exception, as this checkpoint has positions for 4x4 tokens only",
        withLatents(latents -> HostTensor.zeros(Shape.of(1, 16, 1, 8, 8))));
  }

  @Test
  void aGridThatIsTurnedIsSeen() {
    bench.assertBroken(
        Rule.F04,
        "rows before columns",
        withRequests(
            request ->
                FusionRequest.of(
                    request.latents(),
                    request.grid().map(grid -> new TokenGrid(grid.columns(), grid.rows())))));
  }

  @Test
  void rowsThatChangePlacesAreSeen() {
    bench.assertBroken(
        Rule.F05,
        "all frames of the first row come before",
        withLatents(latents -> Altered.reversed(latents, 0)));
  }

  @Test
  void latentsThatAreClampedAreSeen() {
    bench.assertBroken(
        Rule.F06, "nothing is clamped", withLatents(latents -> Altered.clamped(latents, -5, 5)));
  }

  private static HostTensor withSidesSwapped(HostTensor latents) {
    long[] shape = latents.shape().toArray();
    return latents.reshape(shape[0], shape[1], shape[2], shape[4], shape[3]);
  }

  private static UnaryOperator<Backend> withLatents(UnaryOperator<HostTensor> change) {
    return right ->
        new Altered(right) {
          @Override
          public Fusion fusion() {
            return request -> {
              try (Tensor other = upload(change.apply(request.latents().toHost()))) {
                return right.fusion().fuse(FusionRequest.of(other, request.grid()));
              }
            };
          }
        };
  }

  private static UnaryOperator<Backend> withRequests(UnaryOperator<FusionRequest> change) {
    return right ->
        new Altered(right) {
          @Override
          public Fusion fusion() {
            return request -> right.fusion().fuse(change.apply(request));
          }
        };
  }
}
