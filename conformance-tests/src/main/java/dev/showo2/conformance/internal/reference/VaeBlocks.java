package dev.showo2.conformance.internal.reference;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Builds the parts that encoder and decoder are made of, from the names of their weights (SPEC 1).
 */
record VaeBlocks(Weights weights) {

  private static final double SHORTEST = 1e-12;

  /** 3×3×3. */
  VaeLayer causal(String key, int in, int out) {
    return new CausalConvolution(Convolution.overTime(weights, key, out, in, 3, 3));
  }

  /** 1×1×1. */
  VaeLayer pointwise(String key, int in, int out) {
    Convolution convolution = Convolution.overTime(weights, key, out, in, 1, 1);
    return VaeLayer.eachFrame(convolution::apply);
  }

  /** shortcut(x) + conv(SiLU(norm(conv(SiLU(norm(x)))))). */
  VaeLayer residual(String key, int in, int out) {
    VaeLayer shortcut =
        in == out ? (frames, remembered) -> frames : pointwise(key + ".shortcut", in, out);
    return VaeLayer.sum(
        shortcut,
        VaeLayer.sequence(
            List.of(
                normAndActivation(key + ".residual.0", in),
                causal(key + ".residual.2", in, out),
                normAndActivation(key + ".residual.3", out),
                causal(key + ".residual.6", out, out))));
  }

  /** Residual, x + proj(attention(qkv(norm(x)))), residual. */
  VaeLayer middle(String key, int channels) {
    double[] gain = weights.weight(key + ".1.norm.gamma", channels, 1, 1).all();
    ImageAttention attention =
        new ImageAttention(
            Convolution.perFrame(weights, key + ".1.to_qkv", 3 * channels, channels, 1),
            Convolution.perFrame(weights, key + ".1.proj", channels, channels, 1),
            weights.workers());
    return VaeLayer.sequence(
        List.of(
            residual(key + ".0", channels, channels),
            VaeLayer.eachFrame(x -> x.plus(attention.apply(norm(x, gain)))),
            residual(key + ".2", channels, channels)));
  }

  /** Norm, SiLU, 3×3×3. */
  VaeLayer head(String key, int in, int out) {
    return VaeLayer.sequence(
        List.of(normAndActivation(key + ".0", in), causal(key + ".2", in, out)));
  }

  VaeLayer downsampling(String key, int channels, boolean temporal) {
    return new Downsampling(
        Convolution.perFrame(weights, key + ".resample.1", channels, channels, 3),
        temporal
            ? Optional.of(overTimeOnly(key + ".time_conv", channels, channels))
            : Optional.empty());
  }

  VaeLayer upsampling(String key, int channels, boolean temporal) {
    return new Upsampling(
        temporal
            ? Optional.of(
                new CausalConvolution(overTimeOnly(key + ".time_conv", channels, 2 * channels)))
            : Optional.empty(),
        Convolution.perFrame(weights, key + ".resample.1", channels / 2, channels, 3));
  }

  /** 3×1×1. */
  private Convolution overTimeOnly(String key, int in, int out) {
    return Convolution.overTime(weights, key, out, in, 3, 1);
  }

  private VaeLayer normAndActivation(String key, int channels) {
    double[] gain = weights.weight(key + ".gamma", channels, 1, 1, 1).all();
    return VaeLayer.eachFrame(x -> norm(x, gain).map(Ops::silu));
  }

  /** x / max(‖x‖ over channels, 1e-12) · √C · gain. */
  private static Frame norm(Frame x, double[] gain) {
    Frame result = Frame.zeros(x.channels(), x.height(), x.width());
    int positions = x.height() * x.width();
    for (int position = 0; position < positions; position++) {
      double squares = 0;
      for (int channel = 0; channel < x.channels(); channel++) {
        double value = x.values()[x.start(channel) + position];
        squares += value * value;
      }
      double length = Math.max(Math.sqrt(squares), SHORTEST);
      for (int channel = 0; channel < x.channels(); channel++) {
        int at = x.start(channel) + position;
        result.values()[at] = x.values()[at] / length * Math.sqrt(x.channels()) * gain[channel];
      }
    }
    return result;
  }

  /**
   * A convolution over a frame and the two before it. Before a frame come its own last two inputs,
   * of earlier chunks too, and zeros before the first (SPEC 1).
   */
  private record CausalConvolution(Convolution convolution) implements VaeLayer {

    private static final int KEPT = 2;

    @Override
    public List<Frame> apply(List<Frame> frames, RememberedFrames remembered) {
      List<Frame> all = new ArrayList<>(remembered.recall(this));
      Frame size = frames.get(0);
      while (all.size() < KEPT) {
        all.add(0, Frame.zeros(size.channels(), size.height(), size.width()));
      }
      all.addAll(frames);
      remembered.remember(this, all.subList(all.size() - KEPT, all.size()));
      List<Frame> result = new ArrayList<>();
      for (int t = 0; t < frames.size(); t++) {
        result.add(convolution.apply(all.get(t), all.get(t + 1), all.get(t + 2)));
      }
      return result;
    }
  }

  /**
   * Half the size, then half the number of frames (SPEC 1).
   *
   * @param space 3×3 with stride 2, zeros on the right and below
   * @param time over three frames with stride 2, no padding; none where the number of frames stays
   */
  private record Downsampling(Convolution space, Optional<Convolution> time) implements VaeLayer {

    @Override
    public List<Frame> apply(List<Frame> frames, RememberedFrames remembered) {
      List<Frame> smaller =
          frames.stream().map(frame -> space.apply(List.of(frame), 2, 0)).toList();
      if (time.isEmpty()) {
        return smaller;
      }
      List<Frame> all = new ArrayList<>(remembered.recall(this));
      all.addAll(smaller);
      remembered.remember(this, all.subList(all.size() - 1, all.size()));
      // The very first frame is remembered and not convolved.
      if (remembered.isFirst()) {
        return smaller;
      }
      List<Frame> fewer = new ArrayList<>();
      for (int t = 0; t + 2 < all.size(); t += 2) {
        fewer.add(time.get().apply(all.get(t), all.get(t + 1), all.get(t + 2)));
      }
      return fewer;
    }
  }

  /**
   * Twice the number of frames, then twice the size (SPEC 1).
   *
   * @param time a causal convolution C → 2C over time; none where the number of frames stays
   * @param space 3×3 that halves the channels
   */
  private record Upsampling(Optional<CausalConvolution> time, Convolution space)
      implements VaeLayer {

    @Override
    public List<Frame> apply(List<Frame> frames, RememberedFrames remembered) {
      // The first latent frame is neither convolved nor remembered.
      List<Frame> more =
          time.isEmpty() || remembered.isFirst()
              ? frames
              : pairs(time.get().apply(frames, remembered));
      return more.stream().map(frame -> space.apply(frame.doubled())).toList();
    }

    /** The first half of the channels is the earlier of two frames, the second half the later. */
    private static List<Frame> pairs(List<Frame> frames) {
      List<Frame> pairs = new ArrayList<>();
      for (Frame frame : frames) {
        int half = frame.channels() / 2;
        pairs.add(frame.channels(0, half));
        pairs.add(frame.channels(half, 2 * half));
      }
      return pairs;
    }
  }

  /**
   * One head over all positions of a frame, with scale 1/√C (SPEC 1). Takes the scores position by
   * position, so that memory grows with the number of positions and not with its square.
   */
  private record ImageAttention(
      Convolution queriesKeysValues, Convolution projection, Workers workers) {

    /** proj(attention(qkv(x))). */
    Frame apply(Frame x) {
      int channels = x.channels();
      int positions = x.height() * x.width();
      Frame qkv = queriesKeysValues.apply(x);
      Matrix queries = qkv.channels(0, channels).matrix();
      double[][] keys = qkv.channels(channels, 2 * channels).matrix().split();
      double[][] values = qkv.channels(2 * channels, 3 * channels).matrix().transposed();
      Matrix mixed = Matrix.zeros(channels, positions);
      long work = 2L * positions * positions * channels;
      workers.forEachRow(
          positions,
          work,
          position -> {
            double[] sums = attend(queries, position, keys, values);
            for (int channel = 0; channel < channels; channel++) {
              mixed.values()[mixed.start(channel) + position] = sums[channel];
            }
          });
      return projection.apply(new Frame(channels, x.height(), x.width(), mixed.values()));
    }

    /**
     * One position.
     *
     * @param queries [C, N]
     * @param keys [C][N]
     * @param values [N][C]
     * @return [C]
     */
    private static double[] attend(
        Matrix queries, int position, double[][] keys, double[][] values) {
      int channels = queries.rows();
      double[] query = new double[channels];
      for (int channel = 0; channel < channels; channel++) {
        query[channel] = queries.values()[queries.start(channel) + position] / Math.sqrt(channels);
      }
      double[] weights = new double[values.length];
      WeightedSum.add(query, 0, keys, 0, channels, weights, weights.length);
      Ops.softmax(weights);
      double[] sums = new double[channels];
      WeightedSum.add(weights, 0, values, 0, weights.length, sums, channels);
      return sums;
    }
  }
}
