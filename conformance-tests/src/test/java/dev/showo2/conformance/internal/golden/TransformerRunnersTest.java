package dev.showo2.conformance.internal.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.showo2.conformance.UnderTest;
import dev.showo2.conformance.Verification;
import dev.showo2.conformance.compare.Comparison;
import dev.showo2.conformance.internal.compare.HostTensors;
import dev.showo2.conformance.internal.golden.SafetensorsBytes.Ids;
import dev.showo2.conformance.report.Outcome;
import dev.showo2.conformance.report.Status;
import dev.showo2.model.Bundle;
import dev.showo2.stage.Attention;
import dev.showo2.stage.Backbone;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import dev.showo2.testing.FakeBackend;
import dev.showo2.testing.FakeBundle;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sequences through runners: segments, caches, batches and the order of calls. */
class TransformerRunnersTest {

  private static final int WIDTH = 2;
  private static final int LENGTH = 9;

  @TempDir Path directory;
  private final FakeBackend backend = new FakeBackend();
  private Bundle bundle;
  private GoldenFolder folder;

  @BeforeEach
  void prepare() throws IOException {
    bundle = Bundle.open(FakeBundle.write(directory));
    folder = new GoldenFolder(directory.resolve("checkpoint"));
    backend.backbone(new SummingBackbone(backend, WIDTH));
  }

  @AfterEach
  void everythingIsClosed() {
    assertEquals(0, backend.log().stillOpen());
  }

  private Outcome only() {
    return new Verification(UnderTest.target(b -> backend), bundle)
        .run(folder.open())
        .outcomes()
        .get(0);
  }

  private void assertPasses(int figures) {
    Outcome outcome = only();
    assertEquals(Status.PASSED, outcome.status(), outcome.toString());
    assertEquals(figures, outcome.figures().size(), outcome.toString());
  }

  private void addBackboneCase(String spans, int[][]... rows) {
    float[] embeddings = random(rows.length * LENGTH * WIDTH);
    float[] hidden = new float[embeddings.length];
    int size = LENGTH * WIDTH;
    for (int row = 0; row < rows.length; row++) {
      float[] one = Arrays.copyOfRange(embeddings, row * size, (row + 1) * size);
      float[] golden = SummingBackbone.golden(one, LENGTH, WIDTH, rows[row]);
      System.arraycopy(golden, 0, hidden, row * size, size);
    }
    Shape shape = Shape.of(rows.length, LENGTH, WIDTH);
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    tensors.put("embeddings", new HostTensor(shape, embeddings));
    tensors.put("hidden", new HostTensor(shape, hidden));
    tensors.put("logits", doubled(tensors.get("hidden")));
    folder.add("case", "backbone", tensors, "{\"spans\": " + spans + "}");
  }

  private static float[] random(int count) {
    Random random = new Random(count);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static HostTensor mapped(HostTensor tensor, UnaryOperator<Float> change) {
    float[] values = tensor.values().clone();
    for (int i = 0; i < values.length; i++) {
      values[i] = change.apply(values[i]);
    }
    return new HostTensor(tensor.shape(), values);
  }

  private static HostTensor doubled(HostTensor tensor) {
    return mapped(tensor, value -> 2 * value);
  }

  private void addLanguageHead() {
    backend.languageHead(
        request -> {
          HostTensor logits = doubled(request.hidden().toHost());
          int last = (int) logits.shape().dimension(1) - 1;
          return backend.tensor(
              request.lastOnly() ? HostTensors.slice(logits, 1, last, 1) : logits);
        });
  }

  @Test
  void causalText() {
    addBackboneCase("[[[0, 0]]]", new int[][] {});
    addLanguageHead();
    assertPasses(2);
  }

  @Test
  void spansAreFullAndWhatIsAroundThemCausal() {
    addBackboneCase("[[[1, 3], [5, 2]]]", new int[][] {{1, 3}, {5, 2}});
    addLanguageHead();
    assertPasses(3);
  }

  @Test
  void raggedRowsRunOneByOne() {
    addBackboneCase("[[[1, 3]], [[4, 2]]]", new int[][] {{1, 3}}, new int[][] {{4, 2}});
    addLanguageHead();
    assertPasses(3);
  }

  @Test
  void rowsWithTheSameSpansAlsoRunAsOneBatch() {
    addBackboneCase("[[[1, 3]], [[1, 3]]]", new int[][] {{1, 3}}, new int[][] {{1, 3}});
    addLanguageHead();
    assertPasses(6);
  }

  @Test
  void withoutALanguageHeadTheHiddenStatesAreStillCompared() {
    backend.without(Stage.LANGUAGE_HEAD);
    addBackboneCase("[[[1, 3]]]", new int[][] {{1, 3}});
    Outcome outcome = only();
    assertEquals(Status.PASSED, outcome.status());
    assertEquals("logits not compared: the backend lacks language_head", outcome.reason());
  }

  @Test
  void aBackboneThatIsAlwaysCausalFails() {
    SummingBackbone right = new SummingBackbone(backend, WIDTH);
    backend.backbone(
        new ChangedBackbone(
            right,
            request -> BackboneRequest.of(request.cache(), request.embeddings(), Attention.CAUSAL),
            false));
    addBackboneCase("[[[1, 3]]]", new int[][] {{1, 3}});
    Outcome outcome = only();
    assertEquals(Status.FAILED, outcome.status());
    assertEquals(1, outcome.figures().get(0).firstBad().orElseThrow().index()[1]);
  }

  @Test
  void aCacheThatEvaluateChangesIsSeen() {
    SummingBackbone right = new SummingBackbone(backend, WIDTH);
    backend.backbone(new ChangedBackbone(right, request -> request, true));
    addBackboneCase("[[[1, 3]]]", new int[][] {{1, 3}});
    assertEquals(Status.FAILED, only().status());
  }

  /** A backbone with one thing wrong. */
  private record ChangedBackbone(
      SummingBackbone right, UnaryOperator<BackboneRequest> change, boolean evaluateKeeps)
      implements Backbone {

    @Override
    public KvCache newCache(CacheRequest request) {
      return right.newCache(request);
    }

    @Override
    public Tensor append(BackboneRequest request) {
      return right.append(change.apply(request));
    }

    @Override
    public Tensor evaluate(BackboneRequest request) {
      return evaluateKeeps ? append(request) : right.evaluate(change.apply(request));
    }
  }

  private void addTextCase() {
    HostTensor embeddings = new HostTensor(Shape.of(1, 3, WIDTH), new float[] {3, 0, 1, 1, 4, 2});
    HostTensor hidden =
        new HostTensor(embeddings.shape(), SummingBackbone.golden(embeddings.values(), 3, WIDTH));
    Map<String, Object> tensors = new LinkedHashMap<>();
    tensors.put("ids", new Ids(Shape.of(1, 3), 30, 11, 42));
    tensors.put("embeddings", embeddings);
    tensors.put("logits", doubled(hidden));
    folder.add("text", "language_head", tensors, "{}");
    backend.textEmbedding(
        request -> {
          int[][] ids = request.ids();
          assertEquals(List.of(30, 11, 42), Arrays.stream(ids[0]).boxed().toList());
          return backend.tensor(embeddings);
        });
  }

  @Test
  void textGoesThroughEmbeddingBackboneAndHead() {
    addTextCase();
    addLanguageHead();
    assertPasses(3);
  }

  @Test
  void aHeadWhoseLastPositionIsAnotherFails() {
    addTextCase();
    backend.languageHead(
        request -> {
          HostTensor logits = doubled(request.hidden().toHost());
          return backend.tensor(request.lastOnly() ? HostTensors.slice(logits, 1, 0, 1) : logits);
        });
    Outcome outcome = only();
    assertEquals(
        List.of(true, true, false), outcome.figures().stream().map(Comparison::passed).toList());
  }
}
