package dev.showo2.export.inspect;

import dev.showo2.model.Architecture;
import dev.showo2.stage.Attention;
import java.util.List;
import org.apiguardian.api.API;

/**
 * The work of a call of a stage, computed from the sizes of a model: what it cannot help to do,
 * whatever the engine. Counted are the products of matrices, of attention and of convolutions;
 * norms, activations and rotary embedding are a small part beside them.
 *
 * @param operations floating-point operations of the products, two for each multiplication with its
 *     addition
 * @param weights weights that are read; of a table only the rows that are looked up
 * @param values 32-bit floats that go in and out: inputs, outputs, and the keys and values of the
 *     prefix
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record StageWork(double operations, double weights, double values) {

  /** Nothing to do. */
  public static final StageWork NONE = new StageWork(0, 0, 0);

  private static final int KERNEL = 9;

  private static final int RGB = 3;

  /**
   * Adds what is done as well.
   *
   * @param other work
   * @return the sum
   */
  public StageWork plus(StageWork other) {
    return new StageWork(
        operations + other.operations, weights + other.weights, values + other.values);
  }

  /**
   * Repeats this work over the same weights, as a batch does.
   *
   * @param times 1 or more
   * @return operations and values so many times, and the weights once
   */
  public StageWork batched(int times) {
    return new StageWork(times * operations, weights, times * values);
  }

  private StageWork withValues(double more) {
    return new StageWork(operations, weights, values + more);
  }

  /**
   * Looks up tokens.
   *
   * @param sizes of the model
   * @param tokens to look up
   * @return the work
   */
  public static StageWork textEmbedding(Architecture sizes, int tokens) {
    double row = (double) tokens * sizes.backbone().hiddenSize();
    return new StageWork(0, row, row);
  }

  /**
   * Embeds a time.
   *
   * @param sizes of the model
   * @return the work
   */
  public static StageWork timeEmbedding(Architecture sizes) {
    int hidden = sizes.flowHead().hiddenSize();
    StageWork work =
        linear(1, Architecture.TIME_FREQUENCIES, hidden).plus(linear(1, hidden, hidden));
    if (sizes.projectsHidden()) {
      work = work.plus(linear(1, hidden, sizes.backbone().hiddenSize()));
    }
    return work.withValues(1.0 + hidden + sizes.backbone().hiddenSize());
  }

  /**
   * Fuses the latents of an image.
   *
   * @param sizes of the model
   * @param tokens of the image
   * @return the work
   */
  public static StageWork fusion(Architecture sizes, int tokens) {
    Architecture.Semantic semantic = sizes.semantic();
    int hidden = sizes.backbone().hiddenSize();
    int patch = sizes.patchSize() * sizes.patchSize() * sizes.vae().latentChannels();
    StageWork layer =
        linear(tokens, semantic.hiddenSize(), 4 * semantic.hiddenSize())
            .plus(linear(tokens, semantic.hiddenSize(), 2 * semantic.feedForwardSize()))
            .plus(attention((double) tokens * tokens, semantic.hiddenSize()));
    return linear(tokens, patch, semantic.hiddenSize() + hidden)
        .plus(layers(layer, semantic.layers()))
        .plus(linear(tokens, semantic.hiddenSize() + hidden, hidden))
        .plus(linear(tokens, hidden, hidden))
        .withValues((double) tokens * (patch + hidden));
  }

  /**
   * Runs a segment through the backbone.
   *
   * @param sizes of the model
   * @param prefix positions before it
   * @param length positions of the segment
   * @param attention positions that each of them sees; of causal attention only those are counted
   * @return the work
   */
  public static StageWork backbone(
      Architecture sizes, int prefix, int length, Attention attention) {
    Architecture.Decoder backbone = sizes.backbone();
    int hidden = backbone.hiddenSize();
    int queries = backbone.heads() * backbone.headSize();
    int keys = backbone.keyValueHeads() * backbone.headSize();
    StageWork layer =
        linear(length, hidden, queries + 2 * keys)
            .plus(linear(length, queries, hidden))
            .plus(linear(length, hidden, 3 * backbone.feedForwardSize()))
            .plus(attention(pairs(prefix, length, attention), queries))
            .withValues(2.0 * prefix * keys);
    return layers(layer, backbone.layers()).withValues(2.0 * length * hidden);
  }

  /**
   * Computes logits.
   *
   * @param sizes of the model
   * @param rows positions whose logits are computed
   * @return the work
   */
  public static StageWork languageHead(Architecture sizes, int rows) {
    int hidden = sizes.backbone().hiddenSize();
    int vocabulary = sizes.backbone().vocabularySize();
    return linear(rows, hidden, vocabulary).withValues((double) rows * (hidden + vocabulary));
  }

  /**
   * Runs the span of an image through the flow head.
   *
   * @param sizes of the model
   * @param prefix positions before it
   * @param length positions of the span, the time token among them
   * @return the work
   */
  public static StageWork flowHead(Architecture sizes, int prefix, int length) {
    Architecture.FlowHead head = sizes.flowHead();
    int hidden = head.hiddenSize();
    int queries = head.heads() * head.headSize();
    int keys = head.keyValueHeads() * head.headSize();
    int from = sizes.backbone().hiddenSize();
    int patch = sizes.patchSize() * sizes.patchSize() * sizes.vae().latentChannels();
    StageWork layer =
        linear(length, hidden, queries + 2 * keys)
            .plus(linear(length, queries, hidden))
            .plus(linear(length, hidden, 3 * head.feedForwardSize()))
            .plus(linear(1, hidden, 6 * hidden))
            .plus(attention(pairs(prefix, length, Attention.FULL), queries))
            .withValues(2.0 * prefix * keys);
    StageWork work =
        layers(layer, head.layers())
            .plus(linear(1, hidden, 2 * hidden))
            .plus(linear(length, hidden, patch));
    if (sizes.projectsHidden()) {
      work = work.plus(linear(length, from, hidden)).plus(linear(length, hidden, hidden));
    }
    return work.withValues((double) length * (from + patch));
  }

  /**
   * Encodes an image.
   *
   * @param sizes of the model
   * @param height of the latents, an eighth of the image's
   * @param width of the latents
   * @return the work
   */
  public static StageWork vaeEncoder(Architecture sizes, int height, int width) {
    Architecture.Vae vae = sizes.vae();
    List<Integer> widths = vae.multipliers().stream().map(m -> m * vae.width()).toList();
    int levels = widths.size();
    double latents = (double) height * width;
    double pixels = latents * Math.pow(4, levels - 1.0);
    StageWork work = convolution(pixels, RGB, vae.width()).withValues(RGB * pixels);
    double area = pixels;
    int in = vae.width();
    for (int level = 0; level < levels; level++) {
      int out = widths.get(level);
      for (int block = 0; block < vae.residualBlocks(); block++) {
        work = work.plus(residual(area, in, out));
        in = out;
      }
      if (level < levels - 1) {
        area /= 4;
        work = work.plus(convolution(area, in, in));
      }
    }
    int both = 2 * vae.latentChannels();
    return work.plus(middle(latents, in))
        .plus(convolution(latents, in, both))
        .plus(linear(latents, both, both))
        .withValues(latents * both);
  }

  /**
   * Decodes an image.
   *
   * @param sizes of the model
   * @param height of the latents, an eighth of the image's
   * @param width of the latents
   * @return the work
   */
  public static StageWork vaeDecoder(Architecture sizes, int height, int width) {
    Architecture.Vae vae = sizes.vae();
    int channels = vae.latentChannels();
    double area = (double) height * width;
    int last = vae.multipliers().size() - 1;
    int in = vae.width() * vae.multipliers().get(last);
    StageWork work =
        linear(area, channels, channels)
            .plus(convolution(area, channels, in))
            .plus(middle(area, in))
            .withValues(area * channels);
    for (int level = last; level >= 0; level--) {
      int out = vae.width() * vae.multipliers().get(level);
      for (int block = 0; block <= vae.residualBlocks(); block++) {
        work = work.plus(residual(area, in, out));
        in = out;
      }
      if (level > 0) {
        area *= 4;
        in = out / 2;
        work = work.plus(convolution(area, out, in));
      }
    }
    return work.plus(convolution(area, in, RGB)).withValues(RGB * area);
  }

  private static StageWork middle(double area, int channels) {
    return residual(area, channels, channels)
        .plus(residual(area, channels, channels))
        .plus(linear(area, channels, 4 * channels))
        .plus(attention(area * area, channels));
  }

  private static StageWork residual(double area, int in, int out) {
    StageWork work = convolution(area, in, out).plus(convolution(area, out, out));
    return in == out ? work : work.plus(linear(area, in, out));
  }

  /** 3 by 3. */
  private static StageWork convolution(double area, int in, int out) {
    return linear(area, KERNEL * in, out);
  }

  private static StageWork linear(double rows, int in, int out) {
    double weights = (double) in * out;
    return new StageWork(2 * rows * weights, weights, 0);
  }

  /** Scores and their mixture, over all heads. */
  private static StageWork attention(double pairs, int width) {
    return new StageWork(4 * pairs * width, 0, 0);
  }

  /** Positions that see a position. */
  private static double pairs(int prefix, int length, Attention attention) {
    double within =
        attention == Attention.FULL ? (double) length * length : length * (length + 1.0) / 2;
    return (double) prefix * length + within;
  }

  private static StageWork layers(StageWork layer, int count) {
    return new StageWork(count * layer.operations, count * layer.weights, count * layer.values);
  }
}
