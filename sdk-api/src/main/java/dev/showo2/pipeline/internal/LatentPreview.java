package dev.showo2.pipeline.internal;

import dev.showo2.media.internal.Pixels;
import dev.showo2.model.Architecture;
import dev.showo2.sampler.TorchRandom;
import dev.showo2.spi.Backend;
import dev.showo2.stage.LatentDistribution;
import dev.showo2.stage.Stage;
import dev.showo2.stage.VaeDecoderStream;
import dev.showo2.stage.VaeStreamRequest;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongFunction;

/**
 * Approximates the colors of latents without the VAE: each pixel is a fixed linear map of the
 * channels at its position.
 *
 * @param weights [3, C]
 * @param bias [3], the color of latents that are zero
 */
@SuppressWarnings("ArrayRecordComponent") // never handed out
record LatentPreview(double[][] weights, double[] bias) {

  /**
   * Fits the map to the model's own VAE: images of colored squares pass through it once, and least
   * squares finds the linear part of the relation between latents and colors.
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

  /**
   * Latents and their colors, position by position.
   *
   * @param latents [N, C]
   * @param colors [3, N], each the mean over the pixels of one latent, -1 … 1
   */
  @SuppressWarnings("ArrayRecordComponent") // never handed out
  private record PreviewSamples(double[][] latents, double[][] colors) {

    private static final int IMAGES = 6;

    /** Latents on a side of an image: a tiny one for the VAE. */
    private static final int SIDE = 12;

    /** Latents on a side of a square of one color. */
    private static final int SQUARE = 3;

    /** Fixed, so that previews are reproducible. */
    private static final int SEED = 0;

    static PreviewSamples of(Backend backend, int channels) {
      TorchRandom random = new TorchRandom(SEED);
      int positions = SIDE * SIDE;
      PreviewSamples samples =
          new PreviewSamples(
              new double[IMAGES * positions][channels], new double[3][IMAGES * positions]);
      for (int image = 0; image < IMAGES; image++) {
        samples.add(backend, image * positions, random);
      }
      return samples;
    }

    private void add(Backend backend, int from, TorchRandom random) {
      int channels = latents[0].length;
      if (backend.capabilities().supports(Stage.VAE_IMAGE_ENCODER)) {
        HostTensor pixels =
            squares(3, Architecture.VAE_SPATIAL_FACTOR, i -> 2 * random.uniform() - 1);
        put(from, encode(backend, pixels), pixels);
      } else {
        // Less similar to latents of images, but a model without an encoder offers no others.
        float[] normals = random.normals(channels * SIDE * SIDE);
        HostTensor drawn = squares(channels, 1, i -> normals[(int) i]);
        put(from, drawn, decode(backend, drawn));
      }
    }

    /** [1, channels, 1, SIDE·scale, SIDE·scale] of even squares. */
    private static HostTensor squares(int channels, int scale, LongFunction<Number> values) {
      int side = SIDE * scale;
      int count = SIDE / SQUARE;
      float[] result = new float[channels * side * side];
      float[] chosen = new float[channels * count * count];
      for (int i = 0; i < chosen.length; i++) {
        chosen[i] = values.apply(i).floatValue();
      }
      for (int i = 0; i < result.length; i++) {
        int row = i / side % side / (SQUARE * scale);
        int column = i % side / (SQUARE * scale);
        result[i] = chosen[(i / (side * side) * count + row) * count + column];
      }
      return new HostTensor(Shape.of(1, channels, 1, side, side), result);
    }

    private static HostTensor encode(Backend backend, HostTensor pixels) {
      try (Tensor uploaded = backend.upload(pixels);
          LatentDistribution distribution = backend.vaeEncoder().encodeImage(uploaded)) {
        return distribution.mean().toHost();
      }
    }

    private static HostTensor decode(Backend backend, HostTensor latents) {
      try (Tensor uploaded = backend.upload(latents)) {
        if (backend.capabilities().supports(Stage.VAE_IMAGE_DECODER)) {
          try (Tensor pixels = backend.vaeDecoder().decodeImage(uploaded)) {
            return pixels.toHost();
          }
        }
        try (VaeDecoderStream stream =
                backend.vaeDecoder().openStream(VaeStreamRequest.unspecified());
            Tensor pixels = stream.decode(uploaded)) {
          return pixels.toHost();
        }
      }
    }

    private void put(int from, HostTensor image, HostTensor pixels) {
      int positions = SIDE * SIDE;
      int scale = Architecture.VAE_SPATIAL_FACTOR;
      int side = SIDE * scale;
      for (int i = 0; i < image.values().length; i++) {
        latents[from + i % positions][i / positions] = image.values()[i];
      }
      for (int i = 0; i < pixels.values().length; i++) {
        int position = i / side % side / scale * SIDE + i % side / scale;
        colors[i / (side * side)][from + position] += pixels.values()[i] / (scale * scale);
      }
    }
  }

  /** Linear regression with a constant term. */
  private static final class LeastSquares {

    /** Regularization for nearly constant channels; far below the variance of other channels. */
    private static final double RIDGE = 1e-3;

    private LeastSquares() {}

    /**
     * @param inputs [N, C]
     * @param outputs [N]
     * @return C weights, then the constant
     */
    static double[] fit(double[][] inputs, double[] outputs) {
      int size = inputs[0].length + 1;
      double[][] normal = new double[size][size + 1];
      for (int n = 0; n < inputs.length; n++) {
        for (int i = 0; i < size; i++) {
          double left = value(inputs[n], i);
          for (int j = 0; j < size; j++) {
            normal[i][j] += left * value(inputs[n], j);
          }
          normal[i][size] += left * outputs[n];
        }
      }
      for (int i = 0; i < size - 1; i++) {
        normal[i][i] += RIDGE * inputs.length;
      }
      return solve(normal);
    }

    private static double value(double[] input, int index) {
      return index < input.length ? input[index] : 1;
    }

    /** Elimination without pivoting: the matrix is symmetric and positive definite. */
    private static double[] solve(double[][] rows) {
      int size = rows.length;
      for (int pivot = 0; pivot < size; pivot++) {
        for (int row = 0; row < size; row++) {
          if (row != pivot) {
            double factor = rows[row][pivot] / rows[pivot][pivot];
            for (int column = pivot; column <= size; column++) {
              rows[row][column] -= factor * rows[pivot][column];
            }
          }
        }
      }
      double[] solution = new double[size];
      for (int i = 0; i < size; i++) {
        solution[i] = rows[i][size] / rows[i][i];
      }
      return solution;
    }
  }
}
