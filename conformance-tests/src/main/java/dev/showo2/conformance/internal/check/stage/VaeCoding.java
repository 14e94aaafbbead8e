package dev.showo2.conformance.internal.check.stage;

import dev.showo2.conformance.internal.check.Inputs;
import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.compare.Checks.Within;
import dev.showo2.conformance.internal.compare.HostTensors;
import dev.showo2.model.Architecture;
import dev.showo2.spi.Backend;
import dev.showo2.stage.LatentDistribution;
import dev.showo2.stage.Stage;
import dev.showo2.stage.VaeDecoderStream;
import dev.showo2.stage.VaeEncoderStream;
import dev.showo2.stage.VaeStreamRequest;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * One way through the VAE, from host tensors to host tensors. Sizes are those of the latents. Of a
 * distribution the mean comes first, the log-variance behind it: [B, 32, 1, h, w].
 */
enum VaeCoding {
  ENCODE(Stage.VAE_IMAGE_ENCODER, Stage.VAE_VIDEO_ENCODER) {

    @Override
    HostTensor input(long seed, int batch, int chunk, int rows, int columns) {
      int frames = chunk == 0 ? 1 : Architecture.VAE_TEMPORAL_FACTOR;
      int factor = Architecture.VAE_SPATIAL_FACTOR;
      return Inputs.pixels(seed + chunk, batch, COLORS, frames, rows * factor, columns * factor);
    }

    @Override
    HostTensor image(Backend backend, HostTensor pixels) {
      try (Tensor input = backend.upload(pixels)) {
        return both(backend.vaeEncoder().encodeImage(input));
      }
    }

    @Override
    Stream open(Backend backend) {
      VaeEncoderStream stream = backend.vaeEncoder().openStream(VaeStreamRequest.unspecified());
      return new Stream(backend, chunk -> both(stream.encode(chunk)), stream::close);
    }

    @Override
    void compare(Checks checks, String name, HostTensor actual, HostTensor expected) {
      if (!actual.shape().equals(expected.shape())) {
        checks.compare(name, actual, expected, Within.STAGE);
        return;
      }
      checks.compare(name + ": mean", mean(actual), mean(expected), Within.STAGE);
      checks.compare(
          name + ": log-variance", logVariance(actual), logVariance(expected), Within.STAGE);
    }
  },
  DECODE(Stage.VAE_IMAGE_DECODER, Stage.VAE_VIDEO_DECODER) {

    @Override
    HostTensor input(long seed, int batch, int chunk, int rows, int columns) {
      return Inputs.normal(seed + chunk, batch, LATENT_CHANNELS, 1, rows, columns);
    }

    @Override
    HostTensor image(Backend backend, HostTensor latents) {
      try (Tensor input = backend.upload(latents);
          Tensor pixels = backend.vaeDecoder().decodeImage(input)) {
        return pixels.toHost();
      }
    }

    @Override
    Stream open(Backend backend) {
      VaeDecoderStream stream = backend.vaeDecoder().openStream(VaeStreamRequest.unspecified());
      return new Stream(
          backend,
          latents -> {
            try (Tensor pixels = stream.decode(latents)) {
              return pixels.toHost();
            }
          },
          stream::close);
    }

    @Override
    void compare(Checks checks, String name, HostTensor actual, HostTensor expected) {
      checks.compare(name, actual, expected, Within.STAGE);
    }
  };

  private static final int COLORS = 3;
  private static final int LATENT_CHANNELS = 16;

  private final Stage imageStage;
  private final Stage videoStage;

  VaeCoding(Stage imageStage, Stage videoStage) {
    this.imageStage = imageStage;
    this.videoStage = videoStage;
  }

  Stage imageStage() {
    return imageStage;
  }

  Stage videoStage() {
    return videoStage;
  }

  /** Such as {@code encode}. */
  String verb() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Chunk 0 is an image, or how a video begins. */
  abstract HostTensor input(long seed, int batch, int chunk, int rows, int columns);

  abstract HostTensor image(Backend backend, HostTensor input);

  abstract Stream open(Backend backend);

  /** Compares one result with another, the two halves of a distribution one by one. */
  abstract void compare(Checks checks, String name, HostTensor actual, HostTensor expected);

  List<HostTensor> video(long seed, int batch, int chunks, int rows, int columns) {
    return IntStream.range(0, chunks)
        .mapToObj(chunk -> input(seed, batch, chunk, rows, columns))
        .toList();
  }

  /** A whole video through a stream of its own. */
  List<HostTensor> video(Backend backend, List<HostTensor> chunks) {
    try (Stream stream = open(backend)) {
      return chunks.stream().map(stream::next).toList();
    }
  }

  static HostTensor mean(HostTensor both) {
    return HostTensors.slice(both, 1, 0, LATENT_CHANNELS);
  }

  static HostTensor logVariance(HostTensor both) {
    return HostTensors.slice(both, 1, LATENT_CHANNELS, LATENT_CHANNELS);
  }

  private static HostTensor both(LatentDistribution distribution) {
    try (distribution) {
      return HostTensors.join(
          List.of(distribution.mean().toHost(), distribution.logVariance().toHost()), 1);
    }
  }

  /** The stream of one video, from host tensors to host tensors. Closed by the caller. */
  static final class Stream implements AutoCloseable {

    private final Backend backend;
    private final Function<Tensor, HostTensor> next;
    private final Runnable close;

    Stream(Backend backend, Function<Tensor, HostTensor> next, Runnable close) {
      this.backend = backend;
      this.next = next;
      this.close = close;
    }

    HostTensor next(HostTensor chunk) {
      try (Tensor input = backend.upload(chunk)) {
        return next.apply(input);
      }
    }

    @Override
    public void close() {
      close.run();
    }
  }
}
