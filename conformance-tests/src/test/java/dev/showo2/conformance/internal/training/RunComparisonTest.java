package dev.showo2.conformance.internal.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.conformance.compare.Comparison;
import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.golden.pass.Trainer;
import dev.showo2.conformance.wrapper.ForwardingTrainableModel;
import dev.showo2.error.InvalidModelException;
import dev.showo2.model.Precision;
import dev.showo2.train.spi.LossWeights;
import dev.showo2.train.spi.TrainableModel;
import dev.showo2.train.spi.TrainingBatch;
import dev.showo2.train.spi.TrainingLosses;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunComparisonTest {

  @TempDir Path folder;

  /** The lines that failed, or all if none did. */
  private List<String> replay(RecordedToyRun recorded, UnaryOperator<TrainableModel> change)
      throws IOException {
    ToyTrainer toy = new ToyTrainer(change);
    Checks checks = new Checks(Precision.FP32);
    try {
      RunComparison.compare(recorded.open().runs().get(0), new Trainer(toy, null, null), checks);
    } finally {
      assertEquals(0, toy.open(), "models that stay open");
    }
    List<Comparison> failed = checks.comparisons().stream().filter(each -> !each.passed()).toList();
    return (failed.isEmpty() ? checks.comparisons() : failed)
        .stream().map(Comparison::toString).toList();
  }

  private List<String> replay(UnaryOperator<TrainableModel> change) throws IOException {
    return replay(RecordedToyRun.record(folder), change);
  }

  @Test
  void theSameTrainingPasses() throws IOException {
    List<String> lines = replay(each -> each);
    assertEquals(9, lines.size());
    assertTrue(
        lines.get(0).matches("loss_ntp max rel .{7} \\(allowed 1.0e-05\\) at step ."),
        lines::toString);
    assertTrue(lines.get(3).matches("lr max rel .* at step . of group 0"), lines.get(3));
    assertTrue(
        lines.get(4).matches("change_norm max rel .* at [a-z_]+\\.[a-z0.]+weight"),
        lines::toString);
    assertEquals(
        List.of("trained parameters equal", "other weights equal", "2 weights not trained equal"),
        lines.subList(6, 9));
  }

  @Test
  void aLossThatIsOffIsShownWithItsStep() throws IOException {
    List<String> lines =
        replay(
            model ->
                new ForwardingTrainableModel(model) {
                  @Override
                  public TrainingLosses accumulate(
                      TrainingBatch batch, LossWeights weights, int parts) {
                    TrainingLosses right = super.accumulate(batch, weights, parts);
                    double share = updates() == 3 ? 1.001 : 1;
                    return new TrainingLosses(right.nextToken() * share, right.flow(), 1, 1);
                  }
                });
    assertEquals(1, lines.size(), lines::toString);
    assertTrue(lines.get(0).startsWith("loss_ntp max rel 1.0e-03 (allowed 1.0e-05) at step 3 is "));
    assertTrue(lines.get(0).endsWith(": too far off"), lines.get(0));
  }

  @Test
  void aNormThatIsNoNumberIsTooFarOff() throws IOException {
    List<String> lines =
        replay(
            model ->
                new ForwardingTrainableModel(model) {
                  @Override
                  public double update(List<Double> rates) {
                    super.update(rates);
                    return Double.NaN;
                  }
                });
    assertTrue(lines.get(0).startsWith("grad_norm max rel Infinity"), lines.get(0));
    assertTrue(lines.get(0).contains("at step 0 is NaN"), lines.get(0));
  }

  /** Adds a little to a weight after each update. */
  private static UnaryOperator<TrainableModel> disturbing(String weight, float difference) {
    return model ->
        new ForwardingTrainableModel(model) {
          @Override
          public double update(List<Double> rates) {
            double norm = super.update(rates);
            float[] value = new float[1];
            read(weight, Slot.WEIGHT, 3, FloatBuffer.wrap(value));
            value[0] += difference;
            write(weight, Slot.WEIGHT, 3, FloatBuffer.wrap(value));
            return norm;
          }
        };
  }

  @Test
  void aWeightThatIsNotTrainedAndChangesInItsLastBitIsNamed() throws IOException {
    assertEquals(
        List.of("2 weights not trained changed: " + ToyTrainer.FROZEN.get(0)),
        replay(disturbing(ToyTrainer.FROZEN.get(0), 1e-7f)));
  }

  @Test
  void aParameterThatIsOffIsNamed() throws IOException {
    List<String> lines = replay(disturbing(ToyTrainer.STAGE_ONE.get(1), 1e-3f));
    String sample = lines.get(lines.size() - 1);
    assertTrue(sample.startsWith("sample max abs "), sample);
    assertTrue(sample.contains("at " + ToyTrainer.STAGE_ONE.get(1)), sample);
  }

  @Test
  void whatHasNoTrueGradientMayEndElsewhere() throws IOException {
    String name = ToyTrainer.STAGE_ONE.get(1);
    RecordedToyRun run =
        RecordedToyRun.record(folder).set("no_true_gradient", "[\"" + name + "\"]");
    assertEquals(9, replay(run, disturbing(name, 1e-8f)).size());
  }

  @Test
  void aRunWithoutFiguresInFp64IsComparedAllTheSame() throws IOException {
    RecordedToyRun run = RecordedToyRun.record(folder).set("no_true_gradient", "null");
    run.tensors.keySet().removeIf(name -> name.startsWith("fp64"));
    run.set("frozen", "[\"und_trans\", \"showo\"]");
    assertEquals(9, replay(run, each -> each).size());
  }

  @Test
  void anotherCheckpointIsSaidToBeOne() throws IOException {
    RecordedToyRun run = RecordedToyRun.record(folder).set("not_trained", "[\"some.weight\"]");
    String message =
        assertThrows(InvalidModelException.class, () -> replay(run, each -> each)).getMessage();
    assertEquals(
        "run 'toy' was recorded with another checkpoint: this one has no some.weight", message);
  }
}
