package dev.showo2.conformance.golden;

import dev.showo2.conformance.compare.Checks;
import dev.showo2.conformance.compare.HostTensors;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.model.Architecture;
import dev.showo2.spi.Backend;
import dev.showo2.stage.LatentDistribution;
import dev.showo2.stage.Stage;
import dev.showo2.stage.VaeEncoderStream;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Pixels to a distribution of latents: images at once, videos in chunks of 1, 4, 4, … frames. */
final class VaeEncodeRunner implements CaseRunner {

  private static final int FRAMES = 2;

  @Override
  public boolean handles(GoldenCase golden) {
    return golden.stage().equals("vae_encode") && golden.announces("mean");
  }

  @Override
  public Rule rule(GoldenCase golden) {
    return isImage(golden) ? Rule.V01 : Rule.V03;
  }

  @Override
  public Set<Stage> needs(GoldenCase golden) {
    return Set.of(isImage(golden) ? Stage.VAE_IMAGE_ENCODER : Stage.VAE_VIDEO_ENCODER);
  }

  private static boolean isImage(GoldenCase golden) {
    return golden.shape("pixels", 5).dimension(FRAMES) == 1;
  }

  @Override
  public void run(GoldenCase golden, Subject subject, Checks checks) {
    Backend backend = subject.backend();
    HostTensor pixels = golden.floats("pixels");
    List<HostTensor> means = new ArrayList<>();
    List<HostTensor> logVariances = new ArrayList<>();
    if (isImage(golden)) {
      try (Tensor input = backend.upload(pixels);
          LatentDistribution latents = backend.vaeEncoder().encodeImage(input)) {
        means.add(latents.mean().toHost());
        logVariances.add(latents.logVariance().toHost());
      }
    } else {
      encodeVideo(pixels, backend, means, logVariances);
    }
    checks.stage("mean", HostTensors.join(means, FRAMES), golden.floats("mean"));
    checks.stage("logvar", HostTensors.join(logVariances, FRAMES), golden.floats("logvar"));
  }

  private static void encodeVideo(
      HostTensor pixels, Backend backend, List<HostTensor> means, List<HostTensor> logVariances) {
    int frames = (int) pixels.shape().dimension(FRAMES);
    try (VaeEncoderStream stream = backend.vaeEncoder().openStream()) {
      int chunk = 1;
      // What does not fill a chunk is dropped, as the reference does.
      for (int start = 0; start + chunk <= frames; ) {
        try (Tensor input = backend.upload(HostTensors.slice(pixels, FRAMES, start, chunk));
            LatentDistribution latents = stream.encode(input)) {
          means.add(latents.mean().toHost());
          logVariances.add(latents.logVariance().toHost());
        }
        start += chunk;
        chunk = Architecture.VAE_TEMPORAL_FACTOR;
      }
    }
  }
}
