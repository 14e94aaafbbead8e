package dev.showo2.conformance.wrapper;

import dev.showo2.model.Architecture;
import dev.showo2.stage.LatentDistribution;
import dev.showo2.stage.Stage;
import dev.showo2.stage.VaeEncoder;
import dev.showo2.stage.VaeEncoderStream;
import dev.showo2.stage.VaeStreamRequest;
import dev.showo2.tensor.Tensor;

/** Pixels [B, 3, F, H, W] to distributions of latents [B, C, 1, H/8, W/8]. */
record AssertingVaeEncoder(Watch watch, VaeEncoder real) implements VaeEncoder {

  @Override
  public LatentDistribution encodeImage(Tensor pixels) {
    try (Call call = watch.begin("VaeEncoder.encodeImage")) {
      AssertingTensor checked = pixels(call, pixels, 1);
      LatentDistribution latents =
          call.runIf(Stage.VAE_IMAGE_ENCODER, () -> real.encodeImage(checked.real()));
      return call.done(given(call, latents, checked));
    }
  }

  @Override
  public VaeEncoderStream openStream(VaeStreamRequest request) {
    try (Call call = watch.begin("VaeEncoder.openStream")) {
      call.requirePresent("request", request);
      VaeEncoderStream stream = call.runIf(Stage.VAE_VIDEO_ENCODER, () -> real.openStream(request));
      Handle handle = call.opened(stream, "encoder stream", false);
      return call.done(new Stream(stream, new Video(handle)));
    }
  }

  private AssertingTensor pixels(Call call, Tensor pixels, long frames) {
    AssertingTensor checked =
        call.tensor("pixels", pixels, Call.ANY, 3, frames, Call.ANY, Call.ANY);
    int factor = Architecture.VAE_SPATIAL_FACTOR;
    call.callerOwes(
        checked.dimension(3) % factor == 0 && checked.dimension(4) % factor == 0,
        "pixels with H and W in multiples of " + factor,
        checked.known());
    return checked;
  }

  private LatentDistribution given(Call call, LatentDistribution latents, AssertingTensor pixels) {
    long[] shape = {
      pixels.dimension(0),
      watch.architecture().vae().latentChannels(),
      1,
      pixels.dimension(3) / Architecture.VAE_SPATIAL_FACTOR,
      pixels.dimension(4) / Architecture.VAE_SPATIAL_FACTOR
    };
    return new LatentDistribution(
        call.given("a mean", latents.mean(), shape),
        call.given("a log-variance", latents.logVariance(), shape));
  }

  private final class Stream implements VaeEncoderStream {

    private final VaeEncoderStream stream;
    private final Video video;

    private Stream(VaeEncoderStream stream, Video video) {
      this.stream = stream;
      this.video = video;
    }

    @Override
    public LatentDistribution encode(Tensor pixels) {
      try (Call call = watch.begin("VaeEncoderStream.encode")) {
        call.use(video.handle());
        AssertingTensor checked = pixels(call, pixels, video.frames());
        video.requireSameSize(call, checked);
        LatentDistribution latents = call.run(() -> stream.encode(checked.real()));
        video.next(checked);
        return call.done(given(call, latents, checked));
      }
    }

    @Override
    public void close() {
      video.handle().close("VaeEncoderStream.close");
    }
  }
}
