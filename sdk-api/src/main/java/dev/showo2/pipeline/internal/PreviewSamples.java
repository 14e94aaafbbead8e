package dev.showo2.pipeline.internal;

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
import java.util.function.LongFunction;

/**
 * Latents and the colors that they stand for, place by place.
 *
 * @param latents [N, C]
 * @param colors [3, N], each the mean over the pixels of one latent, -1 … 1
 */
@SuppressWarnings("ArrayRecordComponent") // never handed out
record PreviewSamples(double[][] latents, double[][] colors) {

  private static final int IMAGES = 6;

  /** Latents on a side of an image: a tiny one for the VAE. */
  private static final int SIDE = 12;

  /** Latents on a side of a square of one color. */
  private static final int SQUARE = 3;

  /** Always the same, so that previews are. */
  private static final int SEED = 0;

  static PreviewSamples of(Backend backend, int channels) {
    TorchRandom random = new TorchRandom(SEED);
    int places = SIDE * SIDE;
    PreviewSamples samples =
        new PreviewSamples(new double[IMAGES * places][channels], new double[3][IMAGES * places]);
    for (int image = 0; image < IMAGES; image++) {
      samples.add(backend, image * places, random);
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
      // Less like the latents of images, but all that a model that only draws offers.
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
    int places = SIDE * SIDE;
    int scale = Architecture.VAE_SPATIAL_FACTOR;
    int side = SIDE * scale;
    for (int i = 0; i < image.values().length; i++) {
      latents[from + i % places][i / places] = image.values()[i];
    }
    for (int i = 0; i < pixels.values().length; i++) {
      int place = i / side % side / scale * SIDE + i % side / scale;
      colors[i / (side * side)][from + place] += pixels.values()[i] / (scale * scale);
    }
  }
}
