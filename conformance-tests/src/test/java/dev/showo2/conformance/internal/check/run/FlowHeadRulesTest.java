package dev.showo2.conformance.internal.check.run;

import dev.showo2.conformance.internal.check.Inputs;
import dev.showo2.conformance.internal.check.run.FaultyCopies.SelfForking;
import dev.showo2.conformance.internal.check.run.FaultyCopies.Unforgetting;
import dev.showo2.conformance.internal.check.run.FaultyCopies.WrongFlowHead;
import dev.showo2.conformance.internal.compare.HostTensors;
import dev.showo2.conformance.reference.ExportedModels;
import dev.showo2.conformance.reference.ExportedModels.Models;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.spi.Backend;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.TimeEmbedding;
import dev.showo2.stage.TimeEmbeddingRequest;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Each experiment on the flow head catches the fault that its rule is about. */
@ExtendWith(ExportedModels.class)
class FlowHeadRulesTest {

  private static TinyModels models;

  @BeforeAll
  static void open(Models exported) {
    models = new TinyModels(exported);
  }

  @AfterAll
  static void close() {
    models.close();
  }

  @Test
  void clampedTimesAreCaught() {
    models.assertCaught(
        Rule.H02,
        "look for a clamp of the time",
        FaultyCopies.timeEmbedding(
            backend -> {
              TimeEmbedding real = backend.timeEmbedding();
              return request -> {
                float[] times = request.times().clone();
                for (int i = 0; i < times.length; i++) {
                  times[i] = Math.min(1, Math.max(0, times[i]));
                }
                return real.embed(TimeEmbeddingRequest.of(times));
              };
            }));
  }

  @Test
  void velocitiesOfTheWrongRowsAreCaught() {
    models.assertCaught(Rule.H03, "span of 1 + 6", velocities(FlowHeadRulesTest::turned));
    models.assertCaught(
        Rule.H13,
        "has shape [2, 6, 64], expected [2, 5, 64]",
        velocities(velocity -> HostTensors.join(List.of(first(velocity), velocity), 1)));
  }

  private static HostTensor turned(HostTensor velocity) {
    int length = (int) velocity.shape().dimension(1);
    return HostTensors.join(
        List.of(HostTensors.slice(velocity, 1, length - 1, 1), withoutLast(velocity)), 1);
  }

  private static HostTensor first(HostTensor velocity) {
    return HostTensors.slice(velocity, 1, 0, 1);
  }

  private static HostTensor withoutLast(HostTensor velocity) {
    return HostTensors.slice(velocity, 1, 0, (int) velocity.shape().dimension(1) - 1);
  }

  @Test
  void finishedImagesWithoutTheirTimeAreCaught() {
    models.assertCaught(
        Rule.H04,
        "each finished image keeps the time vector",
        appending((backend, request) -> with(request, request.hidden(), Optional.empty())));
  }

  @Test
  void textThatIsModulatedIsCaught() {
    models.assertCaught(
        Rule.H05,
        "look at append() without a time",
        appending(
            (backend, request) -> {
              HostTensor zeros = HostTensor.zeros(Shape.of(request.cache().batch(), 96));
              return with(
                  request,
                  request.hidden(),
                  request.time().or(() -> Optional.of(backend.upload(zeros))));
            }));
  }

  @Test
  void frequenciesThatAreScaledTooLittleAreCaughtFarAlong(@TempDir Path copy) throws IOException {
    models.assertCaught(Rule.H06, "llama3 scaling", copy, "\"factor\": 32.0", "\"factor\": 16.0");
  }

  @Test
  void swappedMasksAreCaught() {
    UnaryOperator<Backend> swapped =
        FaultyCopies.flowHead(
            backend ->
                new WrongFlowHead(backend) {
                  @Override
                  FlowHeadRequest asked(FlowHeadRequest request) {
                    return FlowHeadRequest.of(
                        request.cache(),
                        request.hidden(),
                        FaultyCopies.opposite(request.attention()),
                        request.time());
                  }
                });
    models.assertCaught(
        Rule.H07,
        List.of(
            "every position of the span sees all of it",
            "CAUSAL positions see no later ones",
            "FULL positions see later ones"),
        swapped);
  }

  @Test
  void weakModulationIsCaught() {
    models.assertCaught(
        Rule.H08,
        "cut into shift1, scale1, gate1",
        asking(
            (backend, request) ->
                with(
                    request,
                    request.hidden(),
                    request
                        .time()
                        .map(time -> backend.upload(Inputs.scaled(time.toHost(), 0.99f))))));
  }

  @Test
  void velocitiesThatAreKeptAreCaught() {
    models.assertCaught(
        Rule.H09,
        "a span that was only looked at has left something behind",
        FaultyCopies.flowHead(
            backend ->
                new WrongFlowHead(backend) {
                  @Override
                  public Tensor velocity(FlowHeadRequest request) {
                    Tensor right = real.velocity(request);
                    real.append(request);
                    return right;
                  }
                }));
  }

  @Test
  void forksThatAreNoneAndCutsThatForgetNothingAreCaught() {
    models.assertCaught(
        Rule.H10, "look at KvCache.fork()", FaultyCopies.flowHeadCaches(SelfForking::new));
    models.assertCaught(
        Rule.H10, "look at KvCache.truncate()", FaultyCopies.flowHeadCaches(Unforgetting::new));
  }

  @Test
  void oneTimeForAllRowsIsCaught() {
    models.assertCaught(
        Rule.H11,
        "each row has a time vector of its own",
        asking(
            (backend, request) ->
                with(
                    request,
                    request.hidden(),
                    request.time().map(times -> FaultyCopies.rowsReversed(backend, times)))));
  }

  @Test
  void singlePositionsThatAreNotComputedAreCaught() {
    models.assertCaught(
        Rule.H12,
        "a kernel of its own for single positions",
        appending(
            (backend, request) ->
                request.hidden().shape().dimension(1) > 1
                    ? request
                    : with(
                        request,
                        backend.upload(HostTensor.zeros(request.hidden().shape())),
                        request.time())));
  }

  private static FlowHeadRequest with(
      FlowHeadRequest request, Tensor hidden, Optional<Tensor> time) {
    return FlowHeadRequest.of(request.cache(), hidden, request.attention(), time);
  }

  private interface Asking {
    FlowHeadRequest other(Backend backend, FlowHeadRequest request);
  }

  private static UnaryOperator<Backend> asking(Asking asking) {
    return FaultyCopies.flowHead(
        backend ->
            new WrongFlowHead(backend) {
              @Override
              FlowHeadRequest asked(FlowHeadRequest request) {
                return asking.other(backend, request);
              }
            });
  }

  private static UnaryOperator<Backend> appending(Asking asking) {
    return FaultyCopies.flowHead(
        backend ->
            new WrongFlowHead(backend) {
              @Override
              public void append(FlowHeadRequest request) {
                real.append(asking.other(backend, request));
              }
            });
  }

  private static UnaryOperator<Backend> velocities(UnaryOperator<HostTensor> other) {
    return FaultyCopies.flowHead(
        backend ->
            new WrongFlowHead(backend) {
              @Override
              public Tensor velocity(FlowHeadRequest request) {
                try (Tensor right = real.velocity(request)) {
                  return backend.upload(other.apply(right.toHost()));
                }
              }
            });
  }
}
