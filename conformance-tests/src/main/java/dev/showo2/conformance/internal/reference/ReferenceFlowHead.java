package dev.showo2.conformance.internal.reference;

import static dev.showo2.conformance.internal.reference.Ops.add;
import static dev.showo2.conformance.internal.reference.Ops.map;
import static dev.showo2.conformance.internal.reference.Ops.rmsNorm;

import dev.showo2.model.Architecture;
import dev.showo2.spi.support.HostBackedTensor;
import dev.showo2.spi.support.StageArguments.FlowHeadArguments;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.FlowHead;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;

/** The modulated transformer that predicts velocities (SPEC 6). */
final class ReferenceFlowHead implements FlowHead {

  private static final double FINAL_NORM_EPSILON = 1e-6;

  private final ReferenceContext context;
  private final Architecture.FlowHead sizes;
  private final Optional<Projection> projection;
  private final List<Block> blocks = new ArrayList<>();
  private final FinalLayer finalLayer;
  private final CachedAttention attention;

  ReferenceFlowHead(ReferenceContext context) {
    this.context = context;
    Architecture architecture = context.architecture();
    Weights weights = context.weights();
    Formulas formulas = context.formulas();
    this.sizes = architecture.flowHead();
    int width = sizes.hiddenSize();
    this.projection =
        architecture.projectsHidden()
            ? Optional.of(
                new Projection(
                    weights.linear("diff_proj.0", width, architecture.backbone().hiddenSize()),
                    formulas::projectionActivation,
                    weights.linear("diff_proj.2", width, width)))
            : Optional.empty();
    for (int block = 0; block < sizes.layers(); block++) {
      blocks.add(Block.of(weights, "diffusion_head_a." + block, sizes, formulas));
    }
    int patch = architecture.patchSize() * architecture.patchSize();
    this.finalLayer =
        new FinalLayer(
            weights.linear("diffusion_head_b.adaLN_modulation.1", 2 * width, width),
            weights.vector("diffusion_head_b.norm_final.weight", width),
            weights.linear(
                "diffusion_head_b.linear", patch * architecture.vae().latentChannels(), width));
    this.attention =
        new CachedAttention(
            context,
            Stage.FLOW_HEAD,
            sizes.layers(),
            new GroupedAttention(
                sizes.heads(), sizes.keyValueHeads(), sizes.headSize(), weights.workers()),
            Rotary.llama3(sizes.ropeTheta(), sizes.headSize(), sizes.ropeScaling()));
  }

  /** diff_proj, from the backbone's width to the flow head's. */
  private record Projection(Linear first, DoubleUnaryOperator activation, Linear second) {

    Matrix apply(Matrix hidden) {
      return second.apply(map(first.apply(hidden), activation));
    }
  }

  /** No biases in attention and feed-forward network; a norm on each head of q and k. */
  private record Block(
      Linear modulation,
      double[] inputNorm,
      Linear query,
      Linear key,
      Linear value,
      Linear output,
      HeadNorm queryNorm,
      HeadNorm keyNorm,
      double[] feedForwardNorm,
      SwiGlu feedForward) {

    static Block of(Weights weights, String key, Architecture.FlowHead sizes, Formulas formulas) {
      int width = sizes.hiddenSize();
      int queries = sizes.heads() * sizes.headSize();
      int keys = sizes.keyValueHeads() * sizes.headSize();
      double epsilon = formulas.headNormEpsilon();
      return new Block(
          weights.linear(key + ".adaLN_modulation.1", 6 * width, width),
          weights.vector(key + ".input_layernorm.weight", width),
          weights.linearWithoutBias(key + ".self_attn.q_proj", queries, width),
          weights.linearWithoutBias(key + ".self_attn.k_proj", keys, width),
          weights.linearWithoutBias(key + ".self_attn.v_proj", keys, width),
          weights.linearWithoutBias(key + ".self_attn.o_proj", width, queries),
          new HeadNorm(weights.vector(key + ".self_attn.q_norm.weight", sizes.headSize()), epsilon),
          new HeadNorm(weights.vector(key + ".self_attn.k_norm.weight", sizes.headSize()), epsilon),
          weights.vector(key + ".post_attention_layernorm.weight", width),
          SwiGlu.of(weights, key + ".mlp", width, sizes.feedForwardSize()));
    }
  }

  /** A norm over each head's vector. */
  private record HeadNorm(double[] gain, double epsilon) {

    Matrix apply(Matrix heads) {
      int size = gain.length;
      Matrix rowPerHead = new Matrix(heads.values().length / size, size, heads.values());
      Matrix normed = rmsNorm(rowPerHead, gain, epsilon);
      return new Matrix(heads.rows(), heads.columns(), normed.values());
    }
  }

  private record FinalLayer(Linear modulation, double[] norm, Linear linear) {}

  private Matrix runBlocks(
      Matrix hidden, Optional<Matrix> time, int length, CachedAttention.Pass pass) {
    Matrix x = projection.isPresent() ? projection.get().apply(hidden) : hidden;
    for (Block block : blocks) {
      x = run(block, x, Modulation.of(time, block.modulation(), length), pass);
    }
    return x;
  }

  private Matrix run(Block block, Matrix x, Modulation modulation, CachedAttention.Pass pass) {
    int shift1 = 0;
    int scale1 = 1;
    int gate1 = 2;
    int shift2 = 3;
    int scale2 = 4;
    int gate2 = 5;
    Matrix normed = rmsNorm(x, block.inputNorm(), sizes.normEpsilon());
    Matrix attended = attend(block, modulation.modulate(normed, shift1, scale1), pass);
    x = add(x, modulation.gate(attended, gate1));
    normed = rmsNorm(x, block.feedForwardNorm(), sizes.normEpsilon());
    Matrix fed = block.feedForward().apply(modulation.modulate(normed, shift2, scale2));
    return add(x, modulation.gate(fed, gate2));
  }

  private static Matrix attend(Block block, Matrix x, CachedAttention.Pass pass) {
    Matrix queries = block.queryNorm().apply(block.query().apply(x));
    Matrix keys = block.keyNorm().apply(block.key().apply(x));
    return block.output().apply(pass.attend(queries, keys, block.value().apply(x)));
  }

  private Matrix runFinalLayer(Matrix x, Optional<Matrix> time, int length) {
    Modulation modulation = Modulation.of(time, finalLayer.modulation(), length);
    Matrix normed = rmsNorm(x, finalLayer.norm(), FINAL_NORM_EPSILON);
    return finalLayer.linear().apply(modulation.modulate(normed, 0, 1));
  }

  @Override
  public KvCache newCache(CacheRequest request) {
    return attention.newCache(request);
  }

  @Override
  public void append(FlowHeadRequest request) {
    context
        .lifetime()
        .run(
            () -> {
              Segment segment = segment(context.arguments().append(request));
              runBlocks(segment.hidden(), segment.time(), segment.length(), segment.pass());
              segment.pass().keep();
            });
  }

  @Override
  public Tensor velocity(FlowHeadRequest request) {
    return context
        .lifetime()
        .call(
            () -> {
              FlowHeadArguments<HostBackedTensor, ReferenceKvCache> checked =
                  context.arguments().velocity(request);
              Segment segment = segment(checked);
              int length = segment.length();
              Matrix x = runBlocks(segment.hidden(), segment.time(), length, segment.pass());
              Matrix rows = runFinalLayer(x, segment.time(), length);
              Matrix velocity = withoutTimeTokens(rows, length);
              return context.tensor(
                  velocity.toTensor(checked.batch(), length - 1, velocity.columns()));
            });
  }

  /** The first row of each sequence has done its work within the attention. */
  private static Matrix withoutTimeTokens(Matrix rows, int length) {
    List<Matrix> sequences = new ArrayList<>();
    for (int start = 0; start < rows.rows(); start += length) {
      sequences.add(rows.rows(start + 1, start + length));
    }
    return Matrix.stack(sequences);
  }

  private record Segment(
      Matrix hidden, Optional<Matrix> time, int length, CachedAttention.Pass pass) {}

  private Segment segment(FlowHeadArguments<HostBackedTensor, ReferenceKvCache> checked) {
    return new Segment(
        Matrix.of(checked.hidden().values()),
        checked.time().map(vectors -> Matrix.of(vectors.values())),
        checked.length(),
        attention.pass(checked.cache(), checked.length(), checked.attention()));
  }

  /**
   * The effect of a time vector on the tokens of its sequence (SPEC 6): [shift, scale, gate, …] =
   * Linear(SiLU(time vector)), cut in parts of H. Without a time shift = scale = 0 and gate = 1.
   *
   * @param values [B, parts · H], or none
   * @param length tokens of each sequence
   */
  private record Modulation(Optional<Matrix> values, int length) {

    /**
     * @param time time vectors [B, H]
     */
    static Modulation of(Optional<Matrix> time, Linear layer, int length) {
      return new Modulation(time.map(vector -> layer.apply(map(vector, Ops::silu))), length);
    }

    /** y · (1 + scale) + shift, where the two are numbers of parts. */
    Matrix modulate(Matrix y, int shift, int scale) {
      if (values.isEmpty()) {
        return y;
      }
      Matrix shifts = spread(shift, y);
      Matrix factors = map(spread(scale, y), value -> 1 + value);
      return add(Ops.multiply(y, factors), shifts);
    }

    /** y · gate. */
    Matrix gate(Matrix y, int gate) {
      return values.isEmpty() ? y : Ops.multiply(y, spread(gate, y));
    }

    /** One part for each token of y. */
    private Matrix spread(int part, Matrix y) {
      Matrix perSequence = values.orElseThrow();
      Matrix perToken = Matrix.zeros(y.rows(), y.columns());
      for (int row = 0; row < y.rows(); row++) {
        int from = perSequence.start(row / length) + part * y.columns();
        System.arraycopy(perSequence.values(), from, perToken.values(), y.start(row), y.columns());
      }
      return perToken;
    }
  }
}
