package dev.showo2.conformance.internal.check.stage;

import dev.showo2.conformance.internal.check.BundleCopy;
import dev.showo2.conformance.internal.check.Check;
import dev.showo2.conformance.internal.check.CheckContext;
import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.compare.Checks.Within;
import dev.showo2.conformance.reference.ReferenceBackendProvider;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.model.Bundle;
import dev.showo2.spi.Backend;
import dev.showo2.spi.BackendConfig;
import dev.showo2.stage.Stage;
import dev.showo2.stage.TokenGrid;
import dev.showo2.tensor.HostTensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apiguardian.api.API;

/** Checks of chapter V, the VAE: the values of images and videos. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class VaeChecks {

  /** In latents: the smallest there is, two that no patch divides, one beyond the own size. */
  private static final List<TokenGrid> SIZES =
      List.of(new TokenGrid(1, 1), new TokenGrid(3, 5), new TokenGrid(5, 1), new TokenGrid(9, 13));

  private static final int VIDEO_CHUNKS = 4;
  private static final int VIDEO_ROWS = 3;
  private static final int VIDEO_COLUMNS = 2;

  private static final String ENCODER_STREAM =
      "look at what the stream keeps: of every causal convolution the last two frames that went"
          + " in; of every temporal stride the last frame after the spatial step, which the first"
          + " chunk leaves there without being convolved";
  private static final String DECODER_STREAM =
      "look at what the stream keeps: of every causal convolution the last two frames that went"
          + " in; the temporal doubling neither convolves nor remembers the first latent frame, so"
          + " its state is zeros at the second";
  private static final String CLAMPED_PIXELS =
      "look at the end of the decoder: what its last convolution gives goes out as it is, beyond"
          + " -1 … 1 too; whoever makes an image of it clamps";

  private static final String LOG_VARIANCE =
      "look at the end of the encoder: the log-variance is the second half of the channels as the"
          + " last convolution gives it; the means and deviations of the checkpoint are for the"
          + " first half, and only who draws latents clamps";

  private static final int CHUNKS = 3;
  private static final int ROWS = 2;
  private static final int COLUMNS = 3;

  /** A bias of the decoder's last convolution, one value a color. */
  private static final float[] BEYOND_ONE = {2, -2, 1};

  private VaeChecks() {}

  /** All checks of the chapter. */
  public static List<Check> all() {
    List<Check> checks = new ArrayList<>();
    for (VaeCoding coding : VaeCoding.values()) {
      for (TokenGrid size : SIZES) {
        checks.add(
            Check.of(
                Rule.V02,
                coding.verb() + " " + size + " latents",
                (context, results) -> v02OtherSizes(coding, size, context, results),
                coding.imageStage()));
      }
    }
    checks.add(
        Check.of(
            Rule.V03,
            "13-frames-of-another-size",
            (context, results) ->
                videoLikeReference(VaeCoding.ENCODE, ENCODER_STREAM, context, results),
            Stage.VAE_VIDEO_ENCODER));
    checks.add(
        Check.of(
            Rule.V04,
            "pixels-beyond-range",
            VaeChecks::v04UnclampedPixels,
            Stage.VAE_IMAGE_DECODER));
    checks.add(
        Check.of(
            Rule.V05,
            "4-latent-frames-of-another-size",
            (context, results) ->
                videoLikeReference(VaeCoding.DECODE, DECODER_STREAM, context, results),
            Stage.VAE_VIDEO_DECODER));
    checks.add(
        Check.of(
            Rule.V06,
            "log-variance-of-an-image",
            VaeChecks::v06LogVarianceOfImage,
            Stage.VAE_IMAGE_ENCODER));
    checks.add(
        Check.of(
            Rule.V06,
            "log-variance-of-a-video",
            VaeChecks::v06LogVarianceOfVideo,
            Stage.VAE_VIDEO_ENCODER));
    checks.add(
        Check.of(
            Rule.V06,
            "log-variance-beyond-range",
            VaeChecks::v06UnclampedLogVariance,
            Stage.VAE_IMAGE_ENCODER));
    for (VaeCoding coding : VaeCoding.values()) {
      checks.add(
          Check.of(
              Rule.V07,
              coding.verb() + " a first frame",
              (context, results) -> v07FirstFrame(coding, context, results),
              coding.imageStage(),
              coding.videoStage()));
    }
    checks.addAll(VaeIsolationChecks.all());
    return checks;
  }

  private static void v02OtherSizes(
      VaeCoding coding, TokenGrid size, CheckContext context, Checks checks) {
    checks.hint(
        "if the checkpoint's own size passes, look for what was fixed to it or to a square: shapes"
            + " in a graph, height and width swapped, the positions of the middle"
            + " attention"
            + (coding == VaeCoding.ENCODE
                ? ", the zeros right and below (by one) before each stride-2 convolution"
                : ", the nearest-exact doubling"));
    HostTensor input = coding.input(1, 1, 0, size.rows(), size.columns());
    coding.compare(
        checks,
        "image",
        coding.image(context.backend(), input),
        coding.image(context.reference(), input));
  }

  private static void videoLikeReference(
      VaeCoding coding, String hint, CheckContext context, Checks checks) {
    checks.hint(hint);
    List<HostTensor> chunks = coding.video(1, 1, VIDEO_CHUNKS, VIDEO_ROWS, VIDEO_COLUMNS);
    List<HostTensor> actual = coding.video(context.backend(), chunks);
    List<HostTensor> expected = coding.video(context.reference(), chunks);
    for (int chunk = 0; chunk < VIDEO_CHUNKS; chunk++) {
      coding.compare(checks, "chunk " + chunk, actual.get(chunk), expected.get(chunk));
    }
  }

  private static void v07FirstFrame(VaeCoding coding, CheckContext context, Checks checks) {
    checks.hint(
        "image and stream differ in the same frame; look at both: before a first frame are zeros,"
            + " so of each 3-D kernel only the last slice in time counts, and the convolutions"
            + " over time alone are skipped");
    HostTensor frame = coding.input(1, 1, 0, VIDEO_ROWS, VIDEO_COLUMNS);
    try (VaeCoding.Stream stream = coding.open(context.backend())) {
      coding.compare(
          checks, "first frame", stream.next(frame), coding.image(context.backend(), frame));
    }
  }

  private static void v06LogVarianceOfImage(CheckContext context, Checks checks) {
    checks.hint(LOG_VARIANCE);
    HostTensor image = VaeCoding.ENCODE.input(1, 1, 0, ROWS, COLUMNS);
    checks.compare(
        "log-variance",
        VaeCoding.logVariance(VaeCoding.ENCODE.image(context.backend(), image)),
        VaeCoding.logVariance(VaeCoding.ENCODE.image(context.reference(), image)),
        Within.STAGE);
  }

  private static void v06LogVarianceOfVideo(CheckContext context, Checks checks) {
    checks.hint(LOG_VARIANCE);
    List<HostTensor> chunks = VaeCoding.ENCODE.video(1, 1, CHUNKS, ROWS, COLUMNS);
    List<HostTensor> actual = VaeCoding.ENCODE.video(context.backend(), chunks);
    List<HostTensor> expected = VaeCoding.ENCODE.video(context.reference(), chunks);
    for (int i = 0; i < CHUNKS; i++) {
      checks.compare(
          "log-variance of chunk " + i,
          VaeCoding.logVariance(actual.get(i)),
          VaeCoding.logVariance(expected.get(i)),
          Within.STAGE);
    }
  }

  private static void v04UnclampedPixels(CheckContext context, Checks checks) throws IOException {
    checks.hint(CLAMPED_PIXELS);
    withBias("decoder.head.2.bias", BEYOND_ONE, VaeCoding.DECODE, context, checks);
  }

  private static void v06UnclampedLogVariance(CheckContext context, Checks checks)
      throws IOException {
    checks.hint(LOG_VARIANCE);
    int channels = context.bundle().architecture().vae().latentChannels();
    float[] bias = new float[2 * channels];
    for (int channel = 0; channel < channels; channel++) {
      bias[channels + channel] = channel % 2 == 0 ? -40 : 40;
    }
    withBias("conv1.bias", bias, VaeCoding.ENCODE, context, checks);
  }

  /**
   * The norm before the last convolution bounds what weights can reach, but not what biases can.
   */
  private static void withBias(
      String key, float[] bias, VaeCoding coding, CheckContext context, Checks checks)
      throws IOException {
    HostTensor input = coding.input(1, 1, 0, ROWS, COLUMNS);
    try (BundleCopy copy = BundleCopy.of(context.bundle())) {
      Bundle bundle = copy.overwrite(key, bias);
      try (Backend backend = context.provider().open(bundle, context.config());
          Backend reference =
              new ReferenceBackendProvider().open(bundle, BackendConfig.defaults())) {
        coding.compare(
            checks, "image", coding.image(backend, input), coding.image(reference, input));
      }
    }
  }
}
