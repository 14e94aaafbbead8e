package dev.showo2.conformance.internal.golden.pass;

import dev.showo2.conformance.internal.compare.HostTensors;
import dev.showo2.spi.Backend;
import dev.showo2.stage.VaeDecoderStream;
import dev.showo2.stage.VaeStreamRequest;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.apiguardian.api.API;

/** Latents [B, C, T, h, w] as pixels [B, 3, 1 + 4·(T - 1), H, W]. */
@API(status = API.Status.INTERNAL)
public final class VaeDecoding {

  private static final int FRAMES = 2;

  private VaeDecoding() {}

  /**
   * @param latents of one frame each
   */
  public static HostTensor image(Backend backend, HostTensor latents) {
    try (Tensor input = backend.upload(latents);
        Tensor pixels = backend.vaeDecoder().decodeImage(input)) {
      return pixels.toHost();
    }
  }

  /** Latent frame by latent frame. */
  public static HostTensor video(Backend backend, HostTensor latents) {
    List<HostTensor> chunks = new ArrayList<>();
    try (VaeDecoderStream stream =
        backend.vaeDecoder().openStream(VaeStreamRequest.unspecified())) {
      for (int frame = 0; frame < latents.shape().dimension(FRAMES); frame++) {
        try (Tensor input = backend.upload(HostTensors.slice(latents, FRAMES, frame, 1));
            Tensor pixels = stream.decode(input)) {
          chunks.add(pixels.toHost());
        }
      }
    }
    return HostTensors.join(chunks, FRAMES);
  }

  /** What images are made of: decoders give values a little outside of -1 … 1. */
  public static HostTensor clamped(HostTensor pixels) {
    float[] values = pixels.values().clone();
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.max(-1, Math.min(1, values[i]));
    }
    return new HostTensor(pixels.shape(), values);
  }
}
