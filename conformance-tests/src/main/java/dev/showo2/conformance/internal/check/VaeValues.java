package dev.showo2.conformance.internal.check;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.reference.ReferenceBackendProvider;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.model.Bundle;
import dev.showo2.spi.Backend;
import dev.showo2.spi.BackendConfig;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import java.io.IOException;
import java.util.List;

/** Values that a backend may be tempted to rescale or to clamp. */
final class VaeValues {

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

  private VaeValues() {}

  static List<Check> checks() {
    return List.of(
        Check.of(Rule.V04, "pixels-beyond-range", VaeValues::pixelsBeyond, Stage.VAE_IMAGE_DECODER),
        Check.of(Rule.V06, "log-variance-of-an-image", VaeValues::ofImage, Stage.VAE_IMAGE_ENCODER),
        Check.of(Rule.V06, "log-variance-of-a-video", VaeValues::ofVideo, Stage.VAE_VIDEO_ENCODER),
        Check.of(
            Rule.V06,
            "log-variance-beyond-range",
            VaeValues::logVarianceBeyond,
            Stage.VAE_IMAGE_ENCODER));
  }

  private static void ofImage(CheckContext trial, Checks checks) {
    checks.hint(LOG_VARIANCE);
    HostTensor image = Coding.ENCODE.input(1, 1, 0, ROWS, COLUMNS);
    checks.stage(
        "log-variance",
        Coding.logVariance(Coding.ENCODE.image(trial.backend(), image)),
        Coding.logVariance(Coding.ENCODE.image(trial.reference(), image)));
  }

  private static void ofVideo(CheckContext trial, Checks checks) {
    checks.hint(LOG_VARIANCE);
    List<HostTensor> chunks = Coding.ENCODE.video(1, 1, CHUNKS, ROWS, COLUMNS);
    List<HostTensor> actual = Coding.ENCODE.video(trial.backend(), chunks);
    List<HostTensor> expected = Coding.ENCODE.video(trial.reference(), chunks);
    for (int i = 0; i < CHUNKS; i++) {
      checks.stage(
          "log-variance of chunk " + i,
          Coding.logVariance(actual.get(i)),
          Coding.logVariance(expected.get(i)));
    }
  }

  private static void pixelsBeyond(CheckContext trial, Checks checks) throws IOException {
    checks.hint(CLAMPED_PIXELS);
    withBias("decoder.head.2.bias", BEYOND_ONE, Coding.DECODE, trial, checks);
  }

  private static void logVarianceBeyond(CheckContext trial, Checks checks) throws IOException {
    checks.hint(LOG_VARIANCE);
    int channels = trial.bundle().architecture().vae().latentChannels();
    float[] bias = new float[2 * channels];
    for (int channel = 0; channel < channels; channel++) {
      bias[channels + channel] = channel % 2 == 0 ? -40 : 40;
    }
    withBias("conv1.bias", bias, Coding.ENCODE, trial, checks);
  }

  /**
   * The norm before the last convolution bounds what weights can reach, but not what biases can.
   */
  private static void withBias(
      String key, float[] bias, Coding coding, CheckContext trial, Checks checks)
      throws IOException {
    HostTensor input = coding.input(1, 1, 0, ROWS, COLUMNS);
    try (BundleCopy copy = BundleCopy.of(trial.bundle())) {
      Bundle bundle = ChangedWeights.overwrite(copy, key, bias);
      try (Backend backend = trial.provider().open(bundle, trial.config());
          Backend reference =
              new ReferenceBackendProvider().open(bundle, BackendConfig.defaults())) {
        coding.compare(
            checks, "image", coding.image(backend, input), coding.image(reference, input));
      }
    }
  }
}
