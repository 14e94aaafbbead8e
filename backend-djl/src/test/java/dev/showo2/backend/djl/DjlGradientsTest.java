package dev.showo2.backend.djl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import dev.showo2.conformance.FixtureModels;
import dev.showo2.model.Architecture;
import dev.showo2.model.Bundle;
import dev.showo2.spi.support.BackendLifetime;
import dev.showo2.stage.TokenGrid;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The stages as training runs them: gradients reach every weight, and are those of the difference
 * quotient.
 */
@ExtendWith(ExportedFixtures.class)
class DjlGradientsTest {

  private static final String CHECKPOINT = "tiny-b";

  /** A segment by itself, in which all positions see each other. */
  private record FullAttention(DjlRotary.Rotation rotation) implements LayerAttention {

    @Override
    public NDArray attend(int layer, NDArray queries, NDArray keys, NDArray values) {
      return OmniAttention.full(queries, keys.transpose(0, 2, 1, 3), values.transpose(0, 2, 1, 3));
    }
  }

  /** A stage whose weights are variables. */
  private static void check(
      FixtureModels models,
      BiFunction<DjlContext, DjlWeights, BiFunction<NDManager, Long, NDArray>> stage,
      String probed) {
    try (NDManager manager = DjlEngine.get().newBaseManager()) {
      Bundle bundle = models.bundle(CHECKPOINT);
      Map<String, NDArray> variables = new HashMap<>();
      DjlWeights.Edit asVariable =
          (key, weight) -> {
            NDArray variable = weight.duplicate();
            variable.setRequiresGradient(true);
            variables.put(key, variable);
            return variable;
          };
      DjlContext context =
          new DjlContext(
              new DjlCalls(new BackendLifetime("test"), 1),
              bundle.architecture(),
              manager,
              DjlFormulas.SPEC);
      try (DjlWeights weights = DjlWeights.open(bundle, manager, asVariable, LinearLayers.FP32)) {
        BiFunction<NDManager, Long, NDArray> run = stage.apply(context, weights);
        try (GradientCollector collector = manager.getEngine().newGradientCollector();
            NDManager scope = manager.newSubManager()) {
          NDArray loss = run.apply(scope, 1L);
          overwriteFreedBuffers();
          collector.backward(loss);
        }
        Set<String> without = new TreeSet<>();
        variables.forEach(
            (key, variable) -> {
              if (variable.getGradient().abs().max().getFloat() == 0) {
                without.add(key);
              }
            });
        assertEquals(Set.of(), without, "weights that no gradient reaches");
        assertQuotient(run, manager, variables.get(probed));
      } finally {
        context.lifetime().close(() -> {});
      }
    }
  }

  /** What a gradient still needs must not be in buffers of Java that are free to be collected. */
  private static void overwriteFreedBuffers() {
    for (int round = 0; round < 5; round++) {
      System.gc();
      for (int i = 0; i < 200; i++) {
        FloatBuffer buffer =
            ByteBuffer.allocateDirect(1 << 14).order(ByteOrder.nativeOrder()).asFloatBuffer();
        while (buffer.hasRemaining()) {
          buffer.put(Float.NaN);
        }
      }
    }
  }

  /** Along the gradient itself, where the quotient is its squared norm. */
  private static void assertQuotient(
      BiFunction<NDManager, Long, NDArray> run, NDManager manager, NDArray variable) {
    NDArray gradient = variable.getGradient().duplicate();
    double norm = Math.sqrt(gradient.square().sum().getFloat());
    double step = 1e-2;
    NDArray direction = gradient.mul(step / norm);
    double[] losses = new double[2];
    try (NDManager scope = manager.newSubManager()) {
      NDArray original = variable.duplicate();
      variable.set(original.add(direction).toByteBuffer());
      losses[0] = run.apply(scope, 1L).getFloat();
      variable.set(original.sub(direction).toByteBuffer());
      losses[1] = run.apply(scope, 1L).getFloat();
    }
    assertEquals(norm, (losses[0] - losses[1]) / (2 * step), 0.02 * norm);
  }

  private static NDArray random(NDManager scope, long seed, long... shape) {
    java.util.Random random = new java.util.Random(seed);
    Shape size = new Shape(shape);
    float[] values = new float[Math.toIntExact(size.size())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return scope.create(values, size);
  }

  /** A loss that weighs every value differently. */
  private static NDArray loss(NDArray output) {
    return output.mul(random(output.getManager(), 3, output.getShape().getShape())).mean();
  }

  @Test
  void backbone(FixtureModels models) {
    check(
        models,
        (context, weights) -> {
          DjlBackbone stage = new DjlBackbone(context, weights);
          Architecture.Decoder sizes = context.architecture().backbone();
          LayerAttention attention =
              new FullAttention(
                  DjlRotary.plain(sizes.ropeTheta(), sizes.headSize())
                      .at(new int[] {0, 1, 2, 3, 4, 5, 6}, context.manager()));
          return (scope, seed) ->
              loss(stage.run(random(scope, seed, 2, 7, sizes.hiddenSize()), attention));
        },
        "showo.model.layers.0.self_attn.q_proj.weight");
  }

  @Test
  void flowHead(FixtureModels models) {
    check(
        models,
        (context, weights) -> {
          DjlFlowHead stage = new DjlFlowHead(context, weights);
          Architecture.FlowHead sizes = context.architecture().flowHead();
          LayerAttention attention =
              new FullAttention(
                  DjlRotary.llama3(sizes.ropeTheta(), sizes.headSize(), sizes.ropeScaling())
                      .at(new int[] {0, 1, 2, 3, 4}, context.manager()));
          int width = context.architecture().backbone().hiddenSize();
          return (scope, seed) ->
              loss(
                  stage.run(
                      random(scope, seed, 2, 5, width),
                      random(scope, 2, 2, sizes.hiddenSize()),
                      attention));
        },
        "diffusion_head_a.0.mlp.up_proj.weight");
  }

  @Test
  void fusion(FixtureModels models) {
    check(
        models,
        (context, weights) -> {
          DjlFusion stage = new DjlFusion(context, weights);
          int patch = context.architecture().patchSize();
          TokenGrid grid = context.architecture().imageGrid();
          return (scope, seed) ->
              loss(
                  stage.fuse(
                      random(
                          scope,
                          seed,
                          2,
                          context.architecture().vae().latentChannels(),
                          (long) grid.rows() * patch,
                          (long) grid.columns() * patch),
                      grid));
        },
        "und_trans.layers.0.mlp.fc1.weight");
  }
}
