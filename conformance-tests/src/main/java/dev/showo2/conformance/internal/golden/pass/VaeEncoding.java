package dev.showo2.conformance.internal.golden.pass;

import dev.showo2.conformance.internal.compare.HostTensors;
import dev.showo2.model.Architecture;
import dev.showo2.spi.Backend;
import dev.showo2.stage.LatentDistribution;
import dev.showo2.stage.VaeEncoderStream;
import dev.showo2.stage.VaeStreamRequest;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.apiguardian.api.API;

/**
 * Pixels as a distribution of latents: images at once, videos in chunks of 1, 4, 4, … frames.
 *
 * @param mean [B, C, T, h, w], normalized
 * @param logVariance in the same shape
 */
@API(status = API.Status.INTERNAL)
public record VaeEncoding(HostTensor mean, HostTensor logVariance) {

  private static final int FRAMES = 2;

  /**
   * @param pixels [B, 3, F, H, W]; one frame is an image
   */
  public static VaeEncoding of(Backend backend, HostTensor pixels) {
    if (pixels.shape().dimension(FRAMES) > 1) {
      return video(backend, pixels);
    }
    try (Tensor input = backend.upload(pixels);
        LatentDistribution latents = backend.vaeEncoder().encodeImage(input)) {
      return read(latents);
    }
  }

  private static VaeEncoding video(Backend backend, HostTensor pixels) {
    List<VaeEncoding> parts = new ArrayList<>();
    int frames = (int) pixels.shape().dimension(FRAMES);
    try (VaeEncoderStream stream =
        backend.vaeEncoder().openStream(VaeStreamRequest.unspecified())) {
      int chunk = 1;
      // What does not fill a chunk is dropped, as the reference does.
      for (int start = 0; start + chunk <= frames; ) {
        try (Tensor input = backend.upload(HostTensors.slice(pixels, FRAMES, start, chunk));
            LatentDistribution latents = stream.encode(input)) {
          parts.add(read(latents));
        }
        start += chunk;
        chunk = Architecture.VAE_TEMPORAL_FACTOR;
      }
    }
    return new VaeEncoding(
        HostTensors.join(parts.stream().map(VaeEncoding::mean).toList(), FRAMES),
        HostTensors.join(parts.stream().map(VaeEncoding::logVariance).toList(), FRAMES));
  }

  private static VaeEncoding read(LatentDistribution latents) {
    return new VaeEncoding(latents.mean().toHost(), latents.logVariance().toHost());
  }
}
