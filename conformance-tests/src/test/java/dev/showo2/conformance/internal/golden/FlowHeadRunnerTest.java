package dev.showo2.conformance.internal.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.conformance.UnderTest;
import dev.showo2.conformance.Verification;
import dev.showo2.conformance.report.Outcome;
import dev.showo2.conformance.report.Status;
import dev.showo2.model.Bundle;
import dev.showo2.stage.Attention;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.FlowHead;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.Stage;
import dev.showo2.stage.TimeFeatures;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import dev.showo2.testing.FakeBackend;
import dev.showo2.testing.FakeBundle;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each span in turn, with the time that is its own, over all that came before. */
class FlowHeadRunnerTest {

  @TempDir Path directory;
  private final FakeBackend backend = new FakeBackend();
  private final List<String> calls = new ArrayList<>();
  private Bundle bundle;
  private GoldenFolder folder;

  @BeforeEach
  void prepare() throws IOException {
    bundle = Bundle.open(FakeBundle.write(directory));
    folder = new GoldenFolder(directory.resolve("checkpoint"));
    backend.timeEmbedding(
        request ->
            new TimeFeatures(
                backend.tensor(new HostTensor(Shape.of(1, 1), request.times())),
                backend.tensor(new HostTensor(Shape.of(1, 1, 1), new float[1]))));
    backend.flowHead(new SummingFlowHead());
  }

  @AfterEach
  void everythingIsClosed() {
    assertEquals(0, backend.log().stillOpen());
  }

  /** Width 1: a velocity is the sum of hidden·(1 + time) over all before and the whole span. */
  private final class SummingFlowHead implements FlowHead {

    @Override
    public KvCache newCache(CacheRequest request) {
      assertEquals(1, request.batch());
      return new SummingBackbone.Sums(backend, Stage.FLOW_HEAD, request.batch(), 1);
    }

    @Override
    public void append(FlowHeadRequest request) {
      calls.add((request.attention() == Attention.FULL ? "full " : "causal ") + length(request));
      SummingBackbone.Sums cache = (SummingBackbone.Sums) request.cache();
      cache.values[0][0] = sum(request);
      cache.advance(length(request));
    }

    @Override
    public Tensor velocity(FlowHeadRequest request) {
      calls.add("velocity " + length(request));
      float[] rows = new float[length(request) - 1];
      Arrays.fill(rows, (float) sum(request));
      return backend.tensor(new HostTensor(Shape.of(1, rows.length, 1), rows));
    }

    private int length(FlowHeadRequest request) {
      return (int) request.hidden().shape().dimension(1);
    }

    private double sum(FlowHeadRequest request) {
      double sum = ((SummingBackbone.Sums) request.cache()).values[0][0];
      float time = request.time().map(t -> t.toHost().values()[0]).orElse(0f);
      for (float value : request.hidden().toHost().values()) {
        sum += value * (1 + time);
      }
      return sum;
    }
  }

  private void add(String spans, int rows, float[] hidden, float[] times, float... velocities) {
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    tensors.put("hidden", new HostTensor(Shape.of(rows, hidden.length / rows, 1), hidden));
    tensors.put("t", new HostTensor(Shape.of(times.length), times));
    tensors.put(
        "token_velocity",
        new HostTensor(Shape.of(times.length, velocities.length / times.length, 1), velocities));
    folder.add("case", "flow_head", tensors, "{\"spans\": " + spans + "}");
  }

  private Outcome only() {
    return new Verification(UnderTest.target(b -> backend), bundle)
        .run(folder.open())
        .outcomes()
        .get(0);
  }

  @Test
  void eachSpanHasItsTimeAndSeesTheOnesBefore() {
    add(
        "[[[1, 3], [5, 3]]]",
        1,
        new float[] {1, 2, 4, 8, 16, 32, 64, 128},
        new float[] {0.5f, 0.25f},
        22,
        22,
        318,
        318);
    Outcome outcome = only();
    assertEquals(Status.PASSED, outcome.status(), outcome.toString());
    assertEquals(
        List.of("causal 1", "velocity 3", "full 3", "causal 1", "velocity 3", "full 3"), calls);
  }

  @Test
  void eachRowIsASequenceOfItsOwn() {
    add(
        "[[[2, 2]], [[1, 2]]]",
        2,
        new float[] {1, 2, 4, 8, 16, 32, 64, 128},
        new float[] {0.5f, 0.25f},
        21,
        136);
    Outcome outcome = only();
    assertEquals(Status.PASSED, outcome.status(), outcome.toString());
  }

  @Test
  void aTimeTooManyFails() {
    add("[[[1, 2]]]", 1, new float[] {1, 2, 4}, new float[] {0.5f, 0.25f}, 10, 10);
    Outcome outcome = only();
    assertEquals(Status.FAILED, outcome.status());
    assertTrue(outcome.reason().contains("2 times for spans"), outcome.reason());
  }

  @Test
  void aHeadThatFailsLeavesNothingOpen() {
    backend.flowHead(
        new FlowHead() {
          @Override
          public KvCache newCache(CacheRequest request) {
            return new SummingBackbone.Sums(backend, Stage.FLOW_HEAD, request.batch(), 1);
          }

          @Override
          public void append(FlowHeadRequest request) {}

          @Override
          public Tensor velocity(FlowHeadRequest request) {
            throw new IllegalStateException("no memory");
          }
        });
    add("[[[1, 2]]]", 1, new float[] {1, 2, 4}, new float[] {0.5f}, 10);
    assertEquals("failed  H-03/test/case  IllegalStateException: no memory", only().toString());
  }
}
