package dev.showo2.backend.djl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import dev.showo2.conformance.FixtureModels;
import dev.showo2.conformance.fault.Fault;
import dev.showo2.conformance.fault.PlantedFault;
import dev.showo2.conformance.golden.GoldenSet;
import dev.showo2.conformance.internal.check.CheckContext;
import dev.showo2.conformance.internal.check.run.AllChecks;
import dev.showo2.conformance.internal.check.run.CheckRunner;
import dev.showo2.conformance.internal.check.run.GoldenChecks;
import dev.showo2.conformance.internal.golden.pass.LoadedBackend;
import dev.showo2.conformance.internal.reference.Formulas;
import dev.showo2.conformance.internal.reference.GridResize;
import dev.showo2.conformance.internal.reference.Variation;
import dev.showo2.conformance.internal.reference.WeightEdit;
import dev.showo2.conformance.reference.ReferenceBackendProvider;
import dev.showo2.conformance.report.Outcome;
import dev.showo2.conformance.report.Status;
import dev.showo2.conformance.rules.Chapter;
import dev.showo2.model.Bundle;
import dev.showo2.model.Precision;
import dev.showo2.spi.Backend;
import dev.showo2.spi.BackendConfig;
import dev.showo2.stage.Stage;
import dev.showo2.stage.TokenGrid;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.testing.FakeProvider;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every fault of the kit's catalog is noticed when this backend makes it. */
@ExtendWith(ExportedFixtures.class)
class DjlFaultsTest {

  private static FixtureModels models;

  @BeforeAll
  static void use(FixtureModels exported) {
    models = exported;
  }

  static List<Fault> faults() {
    return Fault.all();
  }

  @ParameterizedTest
  @MethodSource("faults")
  void isCaught(Fault fault) {
    String model = fault.showsIn(models.bundle("tiny-b").architecture()) ? "tiny-b" : "tiny-a";
    assertTrue(
        failures(model, chapters(fault), bundle -> open(bundle, fault)).anyMatch(outcome -> true),
        () -> "nothing notices that " + fault.whatHappens());
  }

  /** The bridge from the kit's variations to this backend's makes no faults of its own. */
  @Test
  void withoutFaultNothingFails() {
    Variation none =
        Variation.none(models.bundle("tiny-b").architecture())
            .with(WeightEdit.of(".*q_proj.*", UnaryOperator.identity()))
            .with(new Formulas() {});
    assertEquals(
        List.of(),
        failures("tiny-b", Set.of(), bundle -> open(bundle, none)).map(Outcome::toString).toList());
  }

  private interface Opening {
    Backend open(Bundle bundle);
  }

  /** Those in which the fault is looked for first. */
  private static Set<Chapter> chapters(Fault fault) {
    Set<Chapter> chapters = EnumSet.noneOf(Chapter.class);
    for (Stage stage : fault.stages()) {
      chapters.add(
          switch (stage) {
            case FUSION -> Chapter.F;
            case BACKBONE -> Chapter.B;
            case TEXT_EMBEDDING, LANGUAGE_HEAD -> Chapter.L;
            case TIME_EMBEDDING, FLOW_HEAD -> Chapter.H;
            default -> Chapter.V;
          });
    }
    return chapters;
  }

  /**
   * The first failure among the goldens and rules of single stages.
   *
   * @param first chapters whose rules come before the others
   */
  private static Stream<Outcome> failures(String model, Set<Chapter> first, Opening opening) {
    Bundle bundle = models.bundle(model);
    BackendConfig config = BackendConfig.defaults();
    Backend backend = opening.open(bundle);
    LoadedBackend subject = new LoadedBackend(bundle, backend);
    LoadedBackend reference =
        new LoadedBackend(bundle, new ReferenceBackendProvider().open(bundle, config));
    FakeProvider provider = new FakeProvider("varied").opening(opening::open);
    CheckContext context = new CheckContext(provider, config, subject, () -> reference);
    CheckRunner runner = new CheckRunner(Precision.FP32);
    try {
      return Stream.concat(
          GoldenChecks.of(GoldenSet.open(models.path(model))).stream(),
          AllChecks.ofStages().stream())
          .sorted(Comparator.comparing(check -> !first.contains(check.rule().chapter())))
          .map(check -> runner.run(check, model, context))
          .filter(outcome -> outcome.status() == Status.FAILED)
          .limit(1)
          .toList()
          .stream();
    } finally {
      subject.close();
      reference.close();
      backend.close();
    }
  }

  private static Backend open(Bundle bundle, Fault fault) {
    return PlantedFault.open(fault, bundle.architecture(), variation -> open(bundle, variation));
  }

  private static Backend open(Bundle bundle, Variation variation) {
    return DjlBackend.open(
        bundle,
        new DjlBackend.Variation(
            variation.architecture(),
            (key, weight) -> edited(variation.weights(), key, weight),
            formulas(variation.formulas())),
        DjlOptions.of(BackendConfig.builder().threads(1).build()));
  }

  private static NDArray edited(List<WeightEdit> edits, String key, NDArray weight) {
    NDArray result = weight;
    for (WeightEdit edit : edits) {
      // The kernels for images are derived from those for videos.
      if (edit.keys().matcher(key.replaceFirst("\\.image$", "")).matches()) {
        HostTensor changed =
            edit.change()
                .apply(
                    new HostTensor(Shape.of(result.getShape().getShape()), result.toFloatArray()));
        result = result.getManager().create(changed.values(), result.getShape());
      }
    }
    return result;
  }

  private static DjlFormulas formulas(Formulas formulas) {
    return new DjlFormulas(
        each(formulas::semanticActivation),
        each(formulas::fusionActivation),
        each(formulas::projectionActivation),
        resize(formulas.positionResize()),
        resize(formulas.videoResize()),
        formulas::firstPosition,
        formulas.headNormEpsilon(),
        each(formulas::kept));
  }

  private static UnaryOperator<NDArray> each(DoubleUnaryOperator function) {
    return x -> {
      float[] values = x.toFloatArray();
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) function.applyAsDouble(values[i]);
      }
      return x.getManager().create(values, x.getShape());
    };
  }

  private static DjlFormulas.Resize resize(GridResize resize) {
    return (tokens, from, to) -> {
      float[] matrix = new float[to.tokens() * from.tokens()];
      for (int token = 0; token < to.tokens(); token++) {
        addNeighbors(resize, from, to, token, matrix);
      }
      NDArray weights =
          tokens
              .getManager()
              .create(matrix, new ai.djl.ndarray.types.Shape(to.tokens(), from.tokens()));
      return weights.matMul(tokens);
    };
  }

  private static void addNeighbors(
      GridResize resize, TokenGrid from, TokenGrid to, int token, float[] matrix) {
    double y = resize.middle().of(token / to.columns(), from.rows(), to.rows());
    double x = resize.middle().of(token % to.columns(), from.columns(), to.columns());
    int firstY = (int) Math.floor(y) - resize.reach() + 1;
    int firstX = (int) Math.floor(x) - resize.reach() + 1;
    for (int row = firstY; row < firstY + 2 * resize.reach(); row++) {
      for (int column = firstX; column < firstX + 2 * resize.reach(); column++) {
        double weight =
            resize.kernel().applyAsDouble(Math.abs(y - row))
                * resize.kernel().applyAsDouble(Math.abs(x - column));
        int old =
            Math.min(from.rows() - 1, Math.max(0, row)) * from.columns()
                + Math.min(from.columns() - 1, Math.max(0, column));
        matrix[token * from.tokens() + old] += (float) weight;
      }
    }
  }
}
