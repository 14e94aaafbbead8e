package dev.showo2.conformance.internal.golden;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.compare.LargestDifference;
import dev.showo2.conformance.internal.compare.LargestDifference.Scale;
import dev.showo2.conformance.internal.golden.pass.LoadedBackend;
import dev.showo2.conformance.internal.golden.pass.Span;
import dev.showo2.conformance.internal.golden.pass.Trainer;
import dev.showo2.conformance.internal.golden.pass.WeightValues;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.error.InvalidModelException;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.Shape;
import dev.showo2.train.data.LinearPath;
import dev.showo2.train.spi.AdamW;
import dev.showo2.train.spi.LossWeights;
import dev.showo2.train.spi.ParameterGroup;
import dev.showo2.train.spi.TrainableModel;
import dev.showo2.train.spi.TrainableModel.Slot;
import dev.showo2.train.spi.TrainableModel.Weight;
import dev.showo2.train.spi.TrainingBatch;
import dev.showo2.train.spi.TrainingLosses;
import dev.showo2.train.spi.TrainingRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Runners of the cases of training. */
final class TrainingRunners {

  private static final String TRAINING = "training";

  /** Of losses, relative; of norms of gradients, as a share of that of all gradients. */
  private static final double ALLOWED = 1e-5;

  private TrainingRunners() {}

  /** The losses of a batch, and the norm of each weight's gradient. */
  static final class TrainStepRunner implements CaseRunner {

    @Override
    public boolean handles(RecordedCase golden) {
      return golden.stage().equals(TRAINING) && golden.announces("grad_norms");
    }

    @Override
    public Rule rule(RecordedCase golden) {
      return Rule.T03;
    }

    @Override
    public Set<Stage> needs(RecordedCase golden) {
      return Set.of();
    }

    @Override
    public void run(RecordedCase golden, LoadedBackend subject, Checks checks) {
      run(golden, subject, Optional.empty(), checks);
    }

    @Override
    public void run(
        RecordedCase golden, LoadedBackend subject, Optional<Trainer> trainer, Checks checks) {
      Trainer.run(trainer, checks, each -> run(golden, each, checks));
    }

    private static void run(RecordedCase golden, Trainer trainer, Checks checks) {
      // Without running mean the first moment of the first update is the gradient itself.
      TrainingRequest request =
          TrainingRequest.builder(List.of(new ParameterGroup("all", List.of(), List.of())))
              .optimizer(new AdamW(0, 0.999, 1e-8, 0, Double.POSITIVE_INFINITY))
              .build();
      LossWeights weights =
          new LossWeights(
              golden.settings().number("ntp_coeff"), golden.settings().number("flow_coeff"));
      try (TrainableModel model = trainer.open(request)) {
        TrainingLosses losses = model.accumulate(batch(golden), weights, 1);
        compare("loss_ntp", losses.nextToken(), golden, checks);
        compare("loss_flow", losses.flow(), golden, checks);
        model.update(List.of(0.0));
        compareNorms(golden, model, checks);
      }
    }

    private static void compare(String name, double actual, RecordedCase golden, Checks checks) {
      double expected = golden.floats(name).values()[0];
      LargestDifference.of(
              name,
              Scale.RELATIVE,
              new double[] {actual},
              new double[] {expected},
              ALLOWED,
              i -> true,
              i -> "step 0")
          .addTo(checks);
    }

    private static void compareNorms(RecordedCase golden, TrainableModel model, Checks checks) {
      List<String> names = golden.settings().strings("grad_norm_names");
      float[] norms = golden.floats("grad_norms").values();
      if (names.size() != norms.length) {
        throw golden.settings().wrong("grad_norm_names", "as many names as grad_norms");
      }
      Map<String, Weight> weights = new HashMap<>();
      model.weights().forEach(weight -> weights.put(weight.name(), weight));
      double[] expected = new double[norms.length];
      double[] actual = new double[norms.length];
      double squares = 0;
      for (int i = 0; i < norms.length; i++) {
        Weight weight = weights.remove(names.get(i));
        if (weight == null) {
          throw new InvalidModelException(
              golden + " was recorded with another checkpoint: there is no " + names.get(i));
        }
        expected[i] = norms[i];
        actual[i] = norm(WeightValues.read(model, weight, Slot.FIRST_MOMENT));
        squares += expected[i] * expected[i];
      }
      checks.require(
          names.size() + " weights",
          weights.isEmpty(),
          "the backend has others as well: " + weights.keySet());
      double allowed = ALLOWED * Math.sqrt(squares);
      LargestDifference.of(
              "grad_norms", Scale.ABSOLUTE, actual, expected, allowed, i -> true, names::get)
          .addTo(checks);
    }

    private static double norm(float[] values) {
      double squares = 0;
      for (float value : values) {
        squares += (double) value * value;
      }
      return Math.sqrt(squares);
    }

    private static TrainingBatch batch(RecordedCase golden) {
      Shape shape = golden.shape("tokens", 2);
      int count = Math.toIntExact(shape.dimension(0));
      int length = Math.toIntExact(shape.dimension(1));
      int[] tokens = ints(golden, "tokens");
      int[] labels = ints(golden, "labels");
      int[] mask = ints(golden, "image_mask");
      List<List<Span>> spans = golden.spans(count);
      List<TrainingBatch.Row> rows = new ArrayList<>();
      for (int row = 0; row < count; row++) {
        int from = row * length;
        int to = from + length;
        boolean[] flags = new boolean[length];
        for (int i = 0; i < length; i++) {
          flags[i] = mask[from + i] != 0;
        }
        rows.add(
            new TrainingBatch.Row(
                Arrays.copyOfRange(tokens, from, to),
                Arrays.copyOfRange(labels, from, to),
                flags,
                spans.get(row).stream()
                    .map(span -> new TrainingBatch.Span(span.offset(), span.length()))
                    .toList()));
      }
      return new TrainingBatch(
          rows, golden.floats("x_t"), golden.floats("t").values(), golden.floats("target"), 0);
    }

    private static int[] ints(RecordedCase golden, String tensor) {
      return Arrays.stream(golden.integers(tensor)).mapToInt(Math::toIntExact).toArray();
    }
  }

  /** Times and what they are for images of some numbers of tokens. */
  static final class TimeShiftRunner implements CaseRunner {

    private static final String SHIFTED = "shifted_";

    @Override
    public boolean handles(RecordedCase golden) {
      return golden.stage().equals(TRAINING) && golden.announces("t") && !tokens(golden).isEmpty();
    }

    /** The numbers of tokens, as the case spells them. */
    private static List<String> tokens(RecordedCase golden) {
      return golden.tensorNames().stream()
          .filter(name -> name.matches(SHIFTED + "[1-9][0-9]{0,8}"))
          .map(name -> name.substring(SHIFTED.length()))
          .toList();
    }

    @Override
    public Rule rule(RecordedCase golden) {
      return Rule.T04;
    }

    @Override
    public Set<Stage> needs(RecordedCase golden) {
      return Set.of();
    }

    @Override
    public void run(RecordedCase golden, LoadedBackend subject, Checks checks) {
      float[] times = golden.floats("t").values();
      for (String tokens : tokens(golden)) {
        LinearPath path = new LinearPath(Integer.parseInt(tokens));
        float[] expected = golden.floats(SHIFTED + tokens).values();
        double[] wanted = new double[expected.length];
        double[] actual = new double[expected.length];
        if (times.length != expected.length) {
          throw new InvalidModelException(
              golden
                  + ": '"
                  + SHIFTED
                  + tokens
                  + "' needs a value"
                  + " for each of "
                  + times.length
                  + " times, found "
                  + expected.length);
        }
        for (int i = 0; i < times.length; i++) {
          wanted[i] = expected[i];
          actual[i] = path.shifted(times[i]);
        }
        LargestDifference.of(
                SHIFTED + tokens,
                Scale.RELATIVE,
                actual,
                wanted,
                ALLOWED,
                i -> true,
                i -> "time " + times[i])
            .addTo(checks);
      }
    }
  }
}
