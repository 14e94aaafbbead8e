package dev.showo2.export.internal.architecture;

import dev.showo2.model.Architecture;
import dev.showo2.tensor.Shape;
import java.util.List;
import java.util.Map;
import org.apiguardian.api.API;

/** The keys and shapes that the checkpoint of a VAE must have (SPEC 1). */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class VaeKeys {

  private static final long[] CAUSAL = {3, 3, 3};
  private static final long[] POINT = {1, 1, 1};
  private static final long[] TIME = {3, 1, 1};

  private final Architecture.Vae vae;
  private final KeyList keys = new KeyList();

  private VaeKeys(Architecture.Vae vae) {
    this.vae = vae;
  }

  /** Encoder, the two 1×1×1 convolutions beside the latents, decoder. */
  public static Map<String, Shape> of(Architecture.Vae vae) {
    VaeKeys keys = new VaeKeys(vae);
    keys.encoder();
    int channels = vae.latentChannels();
    keys.keys.convolution("conv1", 2L * channels, 2L * channels, POINT);
    keys.keys.convolution("conv2", channels, channels, POINT);
    keys.decoder();
    return keys.keys.toMap();
  }

  private void encoder() {
    keys.convolution("encoder.conv1", vae.width(), 3, CAUSAL);
    List<Integer> multipliers = vae.multipliers();
    int block = 0;
    int in = vae.width();
    for (int level = 0; level < multipliers.size(); level++) {
      int out = vae.width() * multipliers.get(level);
      for (int i = 0; i < vae.residualBlocks(); i++) {
        residual("encoder.downsamples." + block++, in, out);
        in = out;
      }
      if (level < multipliers.size() - 1) {
        String key = "encoder.downsamples." + block++;
        keys.convolution(key + ".resample.1", out, out, 3, 3);
        if (vae.temporalDownsample().get(level)) {
          keys.convolution(key + ".time_conv", out, out, TIME);
        }
      }
    }
    middle("encoder.middle", in);
    keys.add("encoder.head.0.gamma", in, 1, 1, 1)
        .convolution("encoder.head.2", 2L * vae.latentChannels(), in, CAUSAL);
  }

  private void decoder() {
    List<Integer> multipliers = vae.multipliers();
    int last = multipliers.size() - 1;
    int in = vae.width() * multipliers.get(last);
    keys.convolution("decoder.conv1", in, vae.latentChannels(), CAUSAL);
    middle("decoder.middle", in);
    int block = 0;
    int out = in;
    for (int level = last; level >= 0; level--) {
      out = vae.width() * multipliers.get(level);
      for (int i = 0; i <= vae.residualBlocks(); i++) {
        residual("decoder.upsamples." + block++, in, out);
        in = out;
      }
      if (level > 0) {
        String key = "decoder.upsamples." + block++;
        keys.convolution(key + ".resample.1", out / 2, out, 3, 3);
        if (vae.temporalDownsample().get(level - 1)) {
          keys.convolution(key + ".time_conv", 2L * out, out, TIME);
        }
        in = out / 2;
      }
    }
    keys.add("decoder.head.0.gamma", out, 1, 1, 1).convolution("decoder.head.2", 3, out, CAUSAL);
  }

  private void residual(String key, int in, int out) {
    keys.add(key + ".residual.0.gamma", in, 1, 1, 1)
        .convolution(key + ".residual.2", out, in, CAUSAL)
        .add(key + ".residual.3.gamma", out, 1, 1, 1)
        .convolution(key + ".residual.6", out, out, CAUSAL);
    if (in != out) {
      keys.convolution(key + ".shortcut", out, in, POINT);
    }
  }

  private void middle(String key, int width) {
    residual(key + ".0", width, width);
    keys.add(key + ".1.norm.gamma", width, 1, 1)
        .convolution(key + ".1.to_qkv", 3L * width, width, 1, 1)
        .convolution(key + ".1.proj", width, width, 1, 1);
    residual(key + ".2", width, width);
  }
}
