package dev.showo2.export.internal.calibration;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.export.internal.graph.RotaryFrequencies;
import dev.showo2.export.internal.quantization.WeightEncoding;
import dev.showo2.model.Architecture;
import dev.showo2.tensor.HostTensor;
import java.util.Optional;

/**
 * The stages computed in plain Java on the sample, from fp32 inputs and beside them with quantized
 * weights.
 */
final class StagePasses {

  private StagePasses() {}

  /** Token ids to rows of the embedding matrix. */
  static final class TextEmbeddingPass {

    static final String MATRIX = "showo.model.embed_tokens.weight";

    private TextEmbeddingPass() {}

    /**
     * @return [D, tokens]
     * @throws InvalidRequestException if there is no row for an id
     */
    static Activations run(LinearLayers layers, Encodings encodings, int[] ids, int streams) {
      WeightReader reader = layers.reader();
      int width = reader.columns(MATRIX);
      requireRows(ids, reader.rows(MATRIX));
      WeightEncoding encoding = encodings.of(MATRIX);
      Activations plain = Activations.zeros(width, ids.length, streams);
      Activations quantized = Activations.zeros(width, ids.length, streams);
      reader.blocks(
          MATRIX,
          layers.workers(),
          (values, first, rows) -> {
            for (int token = 0; token < ids.length; token++) {
              int row = ids[token] - first;
              if (row >= 0 && row < rows) {
                float[] embedding = new float[width];
                System.arraycopy(values, row * width, embedding, 0, width);
                put(embedding, plain, token);
                FakeQuantization.rows(encoding, embedding, 1, width);
                put(embedding, quantized, token);
              }
            }
          });
      return encoding == WeightEncoding.FLOAT32
          ? plain
          : layers.choose(TokenErrors.of(MATRIX, encoding, plain, quantized), plain, quantized);
    }

    private static void put(float[] embedding, Activations target, int token) {
      for (int i = 0; i < embedding.length; i++) {
        for (int t = token; t < target.columns(); t += target.tokens()) {
          target.values()[i][t] = embedding[i];
        }
      }
    }

    private static void requireRows(int[] ids, int rows) {
      for (int id : ids) {
        if (id < 0 || id >= rows) {
          throw new InvalidRequestException(
              "token ids go from 0 to " + (rows - 1) + ", found " + id);
        }
      }
    }
  }

  /**
   * Flow time to time vector and time token (SPEC 3); never quantized.
   *
   * @param vector [1, 1, H]
   * @param token [1, 1, D]
   */
  record TimeEmbeddingPass(HostTensor vector, HostTensor token) {

    private static final double LONGEST_PERIOD = 10_000;

    static TimeEmbeddingPass run(Architecture architecture, LinearLayers layers, float time) {
      Activations first = layers.withBias("time_embed.mlp.0", sinusoid(time));
      Activations vector =
          layers.withBias("time_embed.mlp.2", Pointwise.apply(first, Pointwise::silu));
      Activations token =
          architecture.projectsHidden() ? layers.withBias("time_embed_proj", vector) : vector;
      return new TimeEmbeddingPass(vector.fp32(0, 1), token.fp32(0, 1));
    }

    private static Activations sinusoid(float time) {
      Activations sinusoid = Activations.zeros(Architecture.TIME_FREQUENCIES, 1, 1);
      int half = Architecture.TIME_FREQUENCIES / 2;
      for (int i = 0; i < half; i++) {
        double angle = time * StrictMath.pow(LONGEST_PERIOD, -(double) i / half);
        sinusoid.values()[i][0] = (float) StrictMath.cos(angle);
        sinusoid.values()[half + i][0] = (float) StrictMath.sin(angle);
      }
      return sinusoid;
    }
  }

  /** The Qwen2 decoder (SPEC 4): hidden states after the final norm. */
  static final class BackbonePass {

    private BackbonePass() {}

    /**
     * @param x embeddings of text and span [D, tokens]; is changed
     * @param text tokens at the beginning, which are causal
     */
    static Activations run(
        Architecture architecture, LinearLayers layers, Activations x, int text) {
      Architecture.Decoder sizes = architecture.backbone();
      DecoderLayer decoder =
          new DecoderLayer(
              layers,
              new SegmentAttention(sizes.heads(), sizes.keyValueHeads(), text),
              new RotaryEmbedding(RotaryFrequencies.plain(sizes.ropeTheta(), sizes.headSize())),
              sizes.normEpsilon(),
              false);
      for (int layer = 0; layer < sizes.layers(); layer++) {
        decoder.apply("showo.model.layers." + layer, x, AdaptiveNorms.NONE);
      }
      return Norms.rms(x, layers.reader().all("showo.model.norm.weight"), sizes.normEpsilon());
    }
  }

  /** Hidden states and time to velocities (SPEC 6). */
  static final class FlowHeadPass {

    private static final double FINAL_NORM_EPSILON = 1e-6;

    private final Architecture architecture;
    private final LinearLayers layers;
    private final int text;

    /**
     * @param text tokens at the beginning, which are causal and not modulated
     */
    FlowHeadPass(Architecture architecture, LinearLayers layers, int text) {
      this.architecture = architecture;
      this.layers = layers;
      this.text = text;
    }

    /**
     * @param hidden of text and span [D, tokens]; is changed
     * @param time vector [H, 1]; is changed
     * @return [2·2·C, tokens], of which those of the image tokens have a meaning
     */
    Activations run(Activations hidden, Activations time) {
      Architecture.FlowHead sizes = architecture.flowHead();
      Activations x = architecture.projectsHidden() ? project(hidden) : hidden;
      Activations activated = Pointwise.apply(time, Pointwise::silu);
      DecoderLayer block =
          new DecoderLayer(
              layers,
              new SegmentAttention(sizes.heads(), sizes.keyValueHeads(), text),
              new RotaryEmbedding(
                  RotaryFrequencies.scaled(
                      sizes.ropeTheta(), sizes.headSize(), sizes.ropeScaling())),
              sizes.normEpsilon(),
              true);
      for (int layer = 0; layer < sizes.layers(); layer++) {
        String key = "diffusion_head_a." + layer;
        block.apply(key, x, modulation(key, activated));
      }
      Activations normed =
          Norms.rms(
              x, layers.reader().all("diffusion_head_b.norm_final.weight"), FINAL_NORM_EPSILON);
      AdaptiveNorms last = modulation("diffusion_head_b", activated);
      return layers.withBias("diffusion_head_b.linear", last.modulate(normed, 0, 1));
    }

    private Activations project(Activations hidden) {
      Activations wide = layers.withBias("diff_proj.0", hidden);
      return layers.withBias("diff_proj.2", Pointwise.apply(wide, Pointwise::gelu));
    }

    private AdaptiveNorms modulation(String key, Activations activatedTime) {
      return new AdaptiveNorms(
          Optional.of(layers.withBias(key + ".adaLN_modulation.1", activatedTime)), text);
    }
  }
}
