package dev.showo2.pipeline.internal;

import dev.showo2.media.internal.Pixels;
import dev.showo2.spi.Backend;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Latents to rough colors without the VAE: each pixel is a fixed linear map of the channels at its
 * place.
 *
 * @param weights [3, C]
 * @param bias [3], the color of latents that are zero
 */
@SuppressWarnings("ArrayRecordComponent") // never handed out
record LatentPreview(double[][] weights, double[] bias) {

  /**
   * Fits the map to the model's own VAE, so that it serves any: images of colored squares go
   * through it once, and least squares finds what of their colors is linear in the latents.
   */
  static LatentPreview of(Backend backend, int channels) {
    PreviewSamples samples = PreviewSamples.of(backend, channels);
    double[][] weights = new double[3][];
    double[] bias = new double[3];
    for (int rgb = 0; rgb < 3; rgb++) {
      double[] fitted = LeastSquares.fit(samples.latents(), samples.colors()[rgb]);
      weights[rgb] = Arrays.copyOf(fitted, channels);
      bias[rgb] = fitted[channels];
    }
    return new LatentPreview(weights, bias);
  }

  /**
   * @param latents [1, C, T, h, w]
   * @return T frames of h·w pixels
   */
  List<BufferedImage> frames(HostTensor latents) {
    LatentFrames frames = new LatentFrames(latents.shape());
    List<BufferedImage> images = new ArrayList<>();
    for (int t = 0; t < frames.count(); t++) {
      images.add(image(frames.frame(latents, t)));
    }
    return images;
  }

  private BufferedImage image(HostTensor latents) {
    int plane = Math.toIntExact(latents.shape().dimension(3) * latents.shape().dimension(4));
    float[] pixels = new float[3 * plane];
    for (int rgb = 0; rgb < 3; rgb++) {
      for (int i = 0; i < plane; i++) {
        double value = bias[rgb];
        for (int channel = 0; channel < weights[rgb].length; channel++) {
          value += weights[rgb][channel] * latents.values()[channel * plane + i];
        }
        pixels[rgb * plane + i] = (float) value;
      }
    }
    return Pixels.toImage(
        new HostTensor(
            Shape.of(3, latents.shape().dimension(3), latents.shape().dimension(4)), pixels));
  }
}
