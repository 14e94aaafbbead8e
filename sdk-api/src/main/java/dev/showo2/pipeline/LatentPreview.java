package dev.showo2.pipeline;

import dev.showo2.media.Pixels;
import dev.showo2.spi.Backend;
import dev.showo2.stage.Stage;
import dev.showo2.stage.VaeDecoderStream;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Latents to rough colours without the autoencoder: each pixel is a fixed linear map of the
 * channels at its place.
 *
 * <p>The map is read off the model's own decoder, so it fits any autoencoder: what one unit of a
 * channel, alone and even over a small picture, changes in the colours.
 *
 * @param weights [3, C]
 * @param bias [3], the colour of latents that are zero
 */
@SuppressWarnings("ArrayRecordComponent") // never handed out
record LatentPreview(float[][] weights, float[] bias) {

  /** Side of the even pictures; the decoder's middle sees no more of a larger one. */
  private static final int SIDE = 4;

  /** Decodes 2·C + 1 tiny pictures at once: about as much work as one of 20x20 latents. */
  static LatentPreview of(Backend backend, int channels) {
    HostTensor colours = decode(backend, probes(channels));
    float[] bias = colour(colours, 2 * channels);
    float[][] weights = new float[3][channels];
    for (int channel = 0; channel < channels; channel++) {
      float[] more = colour(colours, 2 * channel);
      float[] less = colour(colours, 2 * channel + 1);
      for (int rgb = 0; rgb < 3; rgb++) {
        weights[rgb][channel] = (more[rgb] - less[rgb]) / 2;
      }
    }
    return new LatentPreview(weights, bias);
  }

  /** Each channel at 1 and at -1 while the others are 0, and last a picture of zeros. */
  private static HostTensor probes(int channels) {
    int plane = SIDE * SIDE;
    float[] values = new float[(2 * channels + 1) * channels * plane];
    for (int channel = 0; channel < channels; channel++) {
      for (int sign = 0; sign < 2; sign++) {
        int from = ((2 * channel + sign) * channels + channel) * plane;
        Arrays.fill(values, from, from + plane, sign == 0 ? 1 : -1);
      }
    }
    return new HostTensor(Shape.of(2L * channels + 1, channels, 1, SIDE, SIDE), values);
  }

  private static HostTensor decode(Backend backend, HostTensor latents) {
    try (Tensor uploaded = backend.upload(latents)) {
      if (backend.capabilities().supports(Stage.VAE_IMAGE_DECODER)) {
        try (Tensor pixels = backend.vaeDecoder().decodeImage(uploaded)) {
          return pixels.toHost();
        }
      }
      try (VaeDecoderStream stream = backend.vaeDecoder().openStream();
          Tensor pixels = stream.decode(uploaded)) {
        return pixels.toHost();
      }
    }
  }

  /** The mean colour of a picture of the batch. */
  private static float[] colour(HostTensor pixels, int picture) {
    int plane = Math.toIntExact(pixels.shape().dimension(3) * pixels.shape().dimension(4));
    float[] rgb = new float[3];
    for (int channel = 0; channel < 3; channel++) {
      double sum = 0;
      for (int i = 0; i < plane; i++) {
        sum += pixels.values()[(picture * 3 + channel) * plane + i];
      }
      rgb[channel] = (float) (sum / plane);
    }
    return rgb;
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
        float value = bias[rgb];
        for (int channel = 0; channel < weights[rgb].length; channel++) {
          value += weights[rgb][channel] * latents.values()[channel * plane + i];
        }
        pixels[rgb * plane + i] = value;
      }
    }
    return Pixels.toImage(
        new HostTensor(
            Shape.of(3, latents.shape().dimension(3), latents.shape().dimension(4)), pixels));
  }
}
