package dev.showo2.backend.djl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import dev.showo2.error.BackendException;
import dev.showo2.stage.Attention;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Functions written in TorchScript, and the attention that is made of them. */
class TorchScriptTest {

  private static final float TOLERANCE = 1e-5f;

  private NDManager manager;

  @BeforeEach
  void open() {
    Engine engine = DjlEngine.get();
    manager = engine.newBaseManager();
  }

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void resultBelongsToTheManagerOfTheFirstArgument() {
    try (TorchScript difference = TorchScript.compile("torch.sub(x, y)", "x", "y");
        NDManager scope = manager.newSubManager()) {
      NDArray result =
          difference.call(scope.create(new float[] {5, 7}), manager.create(new float[] {1, 2}));
      assertEquals(scope, result.getManager());
      assertArrayEquals(new float[] {4, 5}, result.toFloatArray());
    }
  }

  /** In other processes the growth would be all that is passed, 800 MB. */
  @Test
  void failedCallsKeepNothing() throws IOException {
    Path status = Path.of("/proc/self/status");
    assumeTrue(Files.exists(status), "no /proc to read the memory of the process from");
    try (TorchScript product = TorchScript.compile("torch.mul(x, y)", "x", "y");
        NDArray other = manager.ones(new Shape(3))) {
      long before = anonymousKilobytes(status);
      for (int i = 0; i < 200; i++) {
        try (NDArray large = manager.ones(new Shape(1 << 20))) {
          assertThrows(EngineException.class, () -> product.call(large, other));
        }
      }
      long grown = anonymousKilobytes(status) - before;
      assertTrue(grown < 200 << 10, grown + " KiB");
    }
  }

  private static long anonymousKilobytes(Path status) throws IOException {
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("RssAnon:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void gradientsPassThrough() {
    try (TorchScript square = TorchScript.compile("torch.mul(x, x)", "x");
        GradientCollector collector = manager.getEngine().newGradientCollector()) {
      NDArray x = manager.create(new float[] {3, -2});
      x.setRequiresGradient(true);
      collector.backward(square.call(x).sum());
      assertArrayEquals(new float[] {6, -4}, x.getGradient().toFloatArray());
    }
  }

  @Test
  void wrongExpressionIsNamed() {
    BackendException e =
        assertThrows(
            BackendException.class, () -> TorchScript.compile("torch.no_such_operator(x)", "x"));
    assertTrue(e.getMessage().contains("no_such_operator"), e.getMessage());
  }

  /** Longer than the queries that are computed together, with and without a prefix. */
  @ParameterizedTest
  @CsvSource({"7, 0", "300, 0", "600, 40", "1, 20"})
  void causalQueriesSeeTheirPrefixAndThemselves(int length, int prefix) {
    int heads = 4;
    int size = 8;
    NDArray queries = manager.randomNormal(new Shape(2, heads, length, size));
    NDArray keys = manager.randomNormal(new Shape(2, 2, prefix + length, size));
    NDArray values = manager.randomNormal(new Shape(2, 2, prefix + length, size));
    NDArray rows = manager.arange(length).reshape(length, 1).add(prefix);
    NDArray columns = manager.arange(prefix + length).reshape(1, prefix + length);
    NDArray hidden = columns.gt(rows).toType(ai.djl.ndarray.types.DataType.FLOAT32, true);
    NDArray scores =
        queries
            .matMul(keys.repeat(1, 2).transpose(0, 1, 3, 2))
            .div(Math.sqrt(size))
            .sub(hidden.mul(1e9));
    NDArray expected = scores.softmax(-1).matMul(values.repeat(1, 2));
    NDArray found =
        OmniAttention.attend(queries.transpose(0, 2, 1, 3), keys, values, Attention.CAUSAL);
    assertArrayEquals(
        expected.transpose(0, 2, 1, 3).toFloatArray(), found.toFloatArray(), TOLERANCE);
  }

  /**
   * The variables of the parts do not disturb each other, and integers are asked for at each call.
   */
  @Test
  void partsAreWrittenIntoOneFunction() {
    NDArray factor = manager.create(new float[] {2, 3});
    long[] turns = {0};
    ScriptTerm scaled = (script, x) -> script.let("torch.mul(%s, %s)", x, script.weight(factor));
    ScriptTerm counted =
        (script, x) -> script.let("torch.add(%s, %s)", x, script.integer(() -> turns[0]++));
    var function = scaled.then(counted).then(scaled).compiled();
    NDArray x = manager.create(new float[] {1, 10});
    assertArrayEquals(new float[] {4, 90}, function.apply(x).toFloatArray(), TOLERANCE);
    assertArrayEquals(new float[] {6, 93}, function.apply(x).toFloatArray(), TOLERANCE);
  }
}
