package dev.showo2.conformance.fault;

import static dev.showo2.conformance.fault.FaultInjection.inside;
import static dev.showo2.conformance.fault.FaultInjection.outside;

import dev.showo2.conformance.fault.FaultyStages.FaultyBackend;
import dev.showo2.conformance.internal.reference.WeightEdit;
import dev.showo2.spi.Backend;
import dev.showo2.stage.Stage;
import dev.showo2.stage.TimeEmbedding;
import dev.showo2.stage.TimeEmbeddingRequest;
import dev.showo2.stage.TimeFeatures;
import dev.showo2.tensor.Tensor;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;

/** Faults in the embedding of flow times. */
final class TimeFaults {

  private static final Set<Stage> STAGE = EnumSet.of(Stage.TIME_EMBEDDING);

  static final List<Fault> ALL =
      List.of(
          new Fault(
              "time-token-empty",
              "the time token holds nothing",
              "the time token before the image tokens: Linear(time vector), or the vector itself"
                  + " (SPEC 3)",
              STAGE,
              outside(TimeFaults::withEmptyToken)),
          new Fault(
              "sinusoid-sine-first",
              "the sinusoid of the time is [sin, cos]",
              "the order within the sinusoid: [cos, sin] (SPEC 3)",
              STAGE,
              inside(
                  variation ->
                      variation.with(
                          WeightEdit.of(
                              "time_embed\\.mlp\\.0\\.weight", Reordering.columnParts(1, 0))))),
          new Fault(
              "time-in-thousandths",
              "the time is multiplied by 1000 before the sinusoid",
              "what the sinusoid is made of: the time itself, from 0 to 1 (SPEC 3)",
              STAGE,
              outside(right -> withTimes(right, time -> 1000 * time))),
          new Fault(
              "time-reversed",
              "time 0 is data and time 1 is noise",
              "the direction of time: 0 is noise and 1 is data (SPEC 3)",
              STAGE,
              outside(right -> withTimes(right, time -> 1 - time))),
          new Fault(
              "time-clamped",
              "times above 1 are taken for 1",
              "limits on the time: none, the adaptive solver's last step may go beyond 1 (SPEC,"
                  + " appendix C)",
              STAGE,
              outside(right -> withTimes(right, time -> Math.min(1, time)))));

  private TimeFaults() {}

  private static Backend withTimes(Backend right, DoubleUnaryOperator change) {
    return new FaultyBackend(right) {
      @Override
      public TimeEmbedding timeEmbedding() {
        return request -> {
          float[] times = request.times().clone();
          for (int i = 0; i < times.length; i++) {
            times[i] = (float) change.applyAsDouble(times[i]);
          }
          return super.timeEmbedding().embed(TimeEmbeddingRequest.of(times));
        };
      }
    };
  }

  private static Backend withEmptyToken(Backend right) {
    return new FaultyBackend(right) {
      @Override
      public TimeEmbedding timeEmbedding() {
        return request -> {
          TimeFeatures features = super.timeEmbedding().embed(request);
          try {
            Tensor empty =
                Replacing.values(
                    this, features.token(), token -> Replacing.each(token, value -> 0));
            return new TimeFeatures(features.vector(), empty);
          } catch (RuntimeException | Error e) {
            features.close();
            throw e;
          }
        };
      }
    };
  }
}
