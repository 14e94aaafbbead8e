package dev.showo2.conformance.golden;

import dev.showo2.conformance.compare.Checks;
import dev.showo2.conformance.compare.HostTensors;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.spi.Backend;
import dev.showo2.stage.Stage;
import dev.showo2.stage.VaeDecoderStream;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Latents to pixels: images at once, videos latent frame by latent frame. */
final class VaeDecodeRunner implements CaseRunner {

  private static final int FRAMES = 2;

  @Override
  public boolean handles(GoldenCase golden) {
    return golden.stage().equals("vae_decode");
  }

  @Override
  public Rule rule(GoldenCase golden) {
    return isImage(golden) ? Rule.V04 : Rule.V05;
  }

  @Override
  public Set<Stage> needs(GoldenCase golden) {
    return Set.of(isImage(golden) ? Stage.VAE_IMAGE_DECODER : Stage.VAE_VIDEO_DECODER);
  }

  private static boolean isImage(GoldenCase golden) {
    return golden.shape("latents", 5).dimension(FRAMES) == 1;
  }

  @Override
  public void run(GoldenCase golden, Subject subject, Checks checks) {
    Backend backend = subject.backend();
    HostTensor latents = golden.floats("latents");
    HostTensor pixels =
        isImage(golden) ? decodeImage(latents, backend) : decodeVideo(latents, backend);
    checks.stage("pixels_unclamped", pixels, golden.floats("pixels_unclamped"));
    checks.stage("pixels", clamped(pixels), golden.floats("pixels"));
  }

  private static HostTensor decodeImage(HostTensor latents, Backend backend) {
    try (Tensor input = backend.upload(latents);
        Tensor pixels = backend.vaeDecoder().decodeImage(input)) {
      return pixels.toHost();
    }
  }

  private static HostTensor decodeVideo(HostTensor latents, Backend backend) {
    List<HostTensor> chunks = new ArrayList<>();
    try (VaeDecoderStream stream = backend.vaeDecoder().openStream()) {
      for (int frame = 0; frame < latents.shape().dimension(FRAMES); frame++) {
        try (Tensor input = backend.upload(HostTensors.slice(latents, FRAMES, frame, 1));
            Tensor pixels = stream.decode(input)) {
          chunks.add(pixels.toHost());
        }
      }
    }
    return HostTensors.join(chunks, FRAMES);
  }

  private static HostTensor clamped(HostTensor pixels) {
    float[] values = pixels.values().clone();
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.max(-1, Math.min(1, values[i]));
    }
    return new HostTensor(pixels.shape(), values);
  }
}
