package dev.showo2.conformance.reference;

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
        in == out ? (frames, past) -> frames : pointwise(key + ".shortcut", in, out);
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
}
