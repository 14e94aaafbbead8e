package dev.showo2.conformance.toy;

import dev.showo2.model.Architecture;
import dev.showo2.spi.support.HostBackedTensor;
import dev.showo2.spi.support.StageArguments;
import dev.showo2.spi.support.StageArguments.BackboneArguments;
import dev.showo2.stage.Attention;
import dev.showo2.stage.Backbone;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The Qwen2.5 decoder of SPEC 4, one row of numbers for each position. */
final class ToyBackbone implements Backbone {

  private final Architecture.Decoder sizes;
  private final ToyWeights weights;
  private final StageArguments<HostBackedTensor, ToyCache> arguments;
  private final float[] frequencies;

  ToyBackbone(
      Architecture.Decoder sizes,
      ToyWeights weights,
      StageArguments<HostBackedTensor, ToyCache> arguments) {
    this.sizes = sizes;
    this.weights = weights;
    this.arguments = arguments;
    this.frequencies = new float[sizes.headSize() / 2];
    for (int i = 0; i < frequencies.length; i++) {
      float exponent = (float) (2 * i) / sizes.headSize();
      frequencies[i] = 1 / (float) Math.pow(sizes.ropeTheta(), exponent);
    }
  }

  @Override
  public KvCache newCache(CacheRequest request) {
    return arguments
        .lifetime()
        .call(() -> ToyCache.empty(arguments.lifetime(), request.batch(), sizes.layers()));
  }

  @Override
  public Tensor append(BackboneRequest request) {
    return arguments
        .lifetime()
        .call(
            () -> {
              BackboneArguments<HostBackedTensor, ToyCache> segment = arguments.backbone(request);
              List<ToyCache.Rows> grown = new ArrayList<>();
              Tensor hidden = run(segment, grown);
              segment.cache().grow(grown, segment.length());
              return hidden;
            });
  }

  @Override
  public Tensor evaluate(BackboneRequest request) {
    return arguments.lifetime().call(() -> run(arguments.backbone(request), new ArrayList<>()));
  }

  /**
   * @param grown takes the rows of the cache with those of the segment
   */
  private Tensor run(
      BackboneArguments<HostBackedTensor, ToyCache> segment, List<ToyCache.Rows> grown) {
    double[][] x = rows(segment);
    for (int layer = 0; layer < sizes.layers(); layer++) {
      String key = "showo.model.layers." + layer;
      double[][] normed = norm(x, key + ".input_layernorm.weight");
      add(x, linear(attend(segment, normed, key + ".self_attn", grown), key + ".self_attn.o_proj"));
      normed = norm(x, key + ".post_attention_layernorm.weight");
      double[][] gate = linear(normed, key + ".mlp.gate_proj");
      double[][] up = linear(normed, key + ".mlp.up_proj");
      for (int row = 0; row < gate.length; row++) {
        for (int i = 0; i < gate[row].length; i++) {
          gate[row][i] *= up[row][i] / (1 + Math.exp(-gate[row][i]));
        }
      }
      add(x, linear(gate, key + ".mlp.down_proj"));
    }
    double[][] hidden = norm(x, "showo.model.norm.weight");
    HostTensor result =
        HostTensor.zeros(Shape.of(segment.batch(), segment.length(), sizes.hiddenSize()));
    for (int i = 0; i < result.values().length; i++) {
      result.values()[i] = (float) hidden[i / sizes.hiddenSize()][i % sizes.hiddenSize()];
    }
    return new HostBackedTensor(arguments.lifetime(), result);
  }

  /** The rows of each sequence, whose parts are joined. */
  private double[][] rows(BackboneArguments<HostBackedTensor, ToyCache> segment) {
    int width = sizes.hiddenSize();
    double[][] rows = new double[segment.batch() * segment.length()][width];
    int next = 0;
    for (int sequence = 0; sequence < segment.batch(); sequence++) {
      for (HostBackedTensor part : segment.parts()) {
        int length = (int) part.shape().dimension(1);
        for (int position = 0; position < length; position++, next++) {
          for (int i = 0; i < width; i++) {
            int at = (sequence * length + position) * width + i;
            rows[next][i] = part.values().values()[at];
          }
        }
      }
    }
    return rows;
  }

  private double[][] attend(
      BackboneArguments<HostBackedTensor, ToyCache> segment,
      double[][] x,
      String key,
      List<ToyCache.Rows> grown) {
    double[][] queries = linear(x, key + ".q_proj");
    double[][] keys = linear(x, key + ".k_proj");
    double[][] values = linear(x, key + ".v_proj");
    int prefix = segment.cache().length();
    int length = segment.length();
    double[][] result = new double[x.length][sizes.heads() * sizes.headSize()];
    for (int sequence = 0; sequence < segment.batch(); sequence++) {
      int from = sequence * length;
      for (int i = 0; i < length; i++) {
        rotate(queries[from + i], prefix + i);
        rotate(keys[from + i], prefix + i);
      }
      ToyCache.Rows all =
          segment
              .cache()
              .rows()
              .get(grown.size())
              .plus(
                  Arrays.copyOfRange(keys, from, from + length),
                  Arrays.copyOfRange(values, from, from + length));
      grown.add(all);
      for (int i = 0; i < length; i++) {
        boolean causal = segment.attention() == Attention.CAUSAL;
        int visible = prefix + (causal ? i + 1 : length);
        for (int head = 0; head < sizes.heads(); head++) {
          attend(queries[from + i], all, visible, head, result[from + i]);
        }
      }
    }
    return result;
  }

  /** One head of one position: softmax(q · kᵀ / √size) · v. */
  private void attend(double[] query, ToyCache.Rows all, int visible, int head, double[] result) {
    int size = sizes.headSize();
    int group = head / (sizes.heads() / sizes.keyValueHeads()) * size;
    double[] scores = new double[visible];
    for (int position = 0; position < visible; position++) {
      for (int i = 0; i < size; i++) {
        scores[position] += query[head * size + i] * all.keys()[position][group + i];
      }
      scores[position] /= Math.sqrt(size);
    }
    ToyVaeDecoder.softmax(scores);
    for (int position = 0; position < visible; position++) {
      for (int i = 0; i < size; i++) {
        result[head * size + i] += scores[position] * all.values()[position][group + i];
      }
    }
  }

  /** Rotary embedding of all heads; the angle is a 32-bit float, as in the official code. */
  private void rotate(double[] heads, int position) {
    int half = frequencies.length;
    for (int head = 0; head < heads.length; head += 2 * half) {
      for (int i = 0; i < half; i++) {
        float angle = position * frequencies[i];
        double first = heads[head + i];
        double second = heads[head + half + i];
        heads[head + i] = first * Math.cos(angle) - second * Math.sin(angle);
        heads[head + half + i] = second * Math.cos(angle) + first * Math.sin(angle);
      }
    }
  }

  private double[][] norm(double[][] x, String key) {
    float[] gain = weights.values(key);
    double[][] result = new double[x.length][gain.length];
    for (int row = 0; row < x.length; row++) {
      double squares = Arrays.stream(x[row]).map(value -> value * value).sum();
      double root = Math.sqrt(squares / gain.length + sizes.normEpsilon());
      for (int i = 0; i < gain.length; i++) {
        result[row][i] = x[row][i] / root * gain[i];
      }
    }
    return result;
  }

  /** x · Wᵀ + b, where the layer may have no b. */
  private double[][] linear(double[][] x, String key) {
    HostTensor matrix = weights.get(key + ".weight");
    int out = (int) matrix.shape().dimension(0);
    int in = (int) matrix.shape().dimension(1);
    float[] bias = weights.has(key + ".bias") ? weights.values(key + ".bias") : new float[out];
    double[][] result = new double[x.length][out];
    for (int row = 0; row < x.length; row++) {
      for (int o = 0; o < out; o++) {
        double sum = bias[o];
        for (int i = 0; i < in; i++) {
          sum += x[row][i] * matrix.values()[o * in + i];
        }
        result[row][o] = sum;
      }
    }
    return result;
  }

  private static void add(double[][] x, double[][] more) {
    for (int row = 0; row < x.length; row++) {
      for (int i = 0; i < x[row].length; i++) {
        x[row][i] += more[row][i];
      }
    }
  }
}
