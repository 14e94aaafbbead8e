package dev.showo2.export.internal.graph;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.showo2.export.internal.onnx.DataType;
import dev.showo2.export.internal.onnx.Dialect;
import dev.showo2.export.internal.onnx.GraphBuilder;
import dev.showo2.export.internal.onnx.OnnxOps;
import dev.showo2.export.internal.onnx.Value;
import dev.showo2.export.internal.onnx.WeightLocations;
import dev.showo2.model.Architecture;
import java.util.Locale;

/** Latents [B, C, 1, h, w] to pixels, not clamped (SPEC 1). */
final class VaeDecoderGraph {

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
   * The encoder's levels in reverse, with one more residual block each; all levels but the last end
   * with doubling the image, which halves the channels.
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
