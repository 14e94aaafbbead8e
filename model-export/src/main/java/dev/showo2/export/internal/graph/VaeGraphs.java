package dev.showo2.export.internal.graph;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.showo2.export.internal.onnx.DataType;
import dev.showo2.export.internal.onnx.Dialect;
import dev.showo2.export.internal.onnx.GraphBuilder;
import dev.showo2.export.internal.onnx.OnnxOps;
import dev.showo2.export.internal.onnx.Value;
import dev.showo2.export.internal.onnx.WeightLocations;
import dev.showo2.model.Architecture;
import java.util.List;
import java.util.Locale;

/** The graphs of encoder and decoder of the VAE. */
final class VaeGraphs {

  private VaeGraphs() {}

  /** Frames [B, 3, F, H, W] to the normal distribution of their latents (SPEC 1). */
  static final class VaeEncoderGraph {

    private VaeEncoderGraph() {}

    static ModelProto build(
        Architecture architecture, WeightLocations weights, VaeForm form, Dialect dialect) {
      Architecture.Vae vae = architecture.vae();
      GraphBuilder graph =
          new GraphBuilder("vae_encoder_" + form.name().toLowerCase(Locale.ROOT), weights, dialect);
      VaeLayers layers = new VaeLayers(graph, form.timeAxis(graph, form.videoFrames()));
      OnnxOps ops = layers.ops;

      Value pixels =
          graph.input(
              "pixels",
              DataType.FLOAT32,
              "batch",
              3,
              form.videoFrames(),
              "pixel_height",
              "pixel_width");
      Value x = layers.causal(layers.framesOf(pixels, 3), "encoder.conv1", 3);
      x = levels(layers, vae, x);
      int channels = vae.width() * vae.multipliers().get(vae.multipliers().size() - 1);
      x = layers.middle(x, "encoder.middle", channels);
      x = layers.head(x, "encoder.head", channels);
      int both = 2 * vae.latentChannels();
      List<Value> halves = ops.split(layers.pointwise(x, "conv1", both, both), 2, 1);

      Value mean =
          ops.divide(
              ops.subtract(halves.get(0), layers.perChannel(vae.latentMeans())),
              layers.perChannel(vae.latentDeviations()));
      output(graph, ops, mean, "mean", vae);
      output(graph, ops, halves.get(1), "log_variance", vae);
      return graph.build();
    }

    /** Residual blocks, level by level; all levels but the last end with halving the image. */
    private static Value levels(VaeLayers layers, Architecture.Vae vae, Value x) {
      int block = 0;
      int in = vae.width();
      for (int level = 0; level < vae.multipliers().size(); level++) {
        int out = vae.width() * vae.multipliers().get(level);
        for (int i = 0; i < vae.residualBlocks(); i++) {
          x = layers.residual(x, "encoder.downsamples." + block++, in, out);
          in = out;
        }
        if (level < vae.multipliers().size() - 1) {
          boolean temporal = vae.temporalDownsample().get(level);
          x = layers.downsample(x, "encoder.downsamples." + block++, in, temporal);
        }
      }
      return x;
    }

    private static void output(
        GraphBuilder graph, OnnxOps ops, Value x, String name, Architecture.Vae vae) {
      graph.output(
          ops.unsqueeze(x, 2),
          name,
          DataType.FLOAT32,
          "batch",
          vae.latentChannels(),
          1,
          "height",
          "width");
    }
  }

  /** Latents [B, C, 1, h, w] to pixels, not clamped (SPEC 1). */
  static final class VaeDecoderGraph {

    private VaeDecoderGraph() {}

    static ModelProto build(
        Architecture architecture, WeightLocations weights, VaeForm form, Dialect dialect) {
      Architecture.Vae vae = architecture.vae();
      GraphBuilder graph =
          new GraphBuilder("vae_decoder_" + form.name().toLowerCase(Locale.ROOT), weights, dialect);
      VaeLayers layers = new VaeLayers(graph, form.timeAxis(graph, 1));
      OnnxOps ops = layers.ops;

      Value latents =
          graph.input(
              "latents", DataType.FLOAT32, "batch", vae.latentChannels(), 1, "height", "width");
      Value x =
          ops.add(
              ops.multiply(ops.squeeze(latents, 2), layers.perChannel(vae.latentDeviations())),
              layers.perChannel(vae.latentMeans()));
      x = layers.pointwise(x, "conv2", vae.latentChannels(), vae.latentChannels());
      x = layers.causal(x, "decoder.conv1", vae.latentChannels());
      int channels = vae.width() * vae.multipliers().get(vae.multipliers().size() - 1);
      x = layers.middle(x, "decoder.middle", channels);
      x = levels(layers, vae, x, channels);
      Value pixels = layers.head(x, "decoder.head", vae.width() * vae.multipliers().get(0));
      graph.output(
          layers.videoOf(pixels, form.videoFrames(), 3),
          "pixels",
          DataType.FLOAT32,
          "batch",
          3,
          form.videoFrames(),
          "pixel_height",
          "pixel_width");
      return graph.build();
    }

    /**
     * The encoder's levels in reverse, with one more residual block each; all levels but the last
     * end with doubling the image, which halves the channels.
     */
    private static Value levels(VaeLayers layers, Architecture.Vae vae, Value x, int channels) {
      int block = 0;
      int in = channels;
      for (int level = vae.multipliers().size() - 1; level >= 0; level--) {
        int out = vae.width() * vae.multipliers().get(level);
        for (int i = 0; i <= vae.residualBlocks(); i++) {
          x = layers.residual(x, "decoder.upsamples." + block++, in, out);
          in = out;
        }
        if (level > 0) {
          boolean temporal = vae.temporalDownsample().get(level - 1);
          x = layers.upsample(x, "decoder.upsamples." + block++, out, temporal);
          in = out / 2;
        }
      }
      return x;
    }
  }
}
