package dev.showo2.conformance.wrapper;

import dev.showo2.model.Architecture;
import dev.showo2.stage.Stage;
import dev.showo2.stage.VaeDecoder;
import dev.showo2.stage.VaeDecoderStream;
import dev.showo2.stage.VaeStreamRequest;
import dev.showo2.tensor.Tensor;

/** Latents [B, C, 1, h, w] to pixels [B, 3, F, 8h, 8w]. */
record AssertingVaeDecoder(Watch watch, VaeDecoder real) implements VaeDecoder {

  @Override
  public Tensor decodeImage(Tensor latents) {
    try (Call call = watch.begin("VaeDecoder.decodeImage")) {
      AssertingTensor checked = latents(call, latents);
      Tensor pixels = call.runIf(Stage.VAE_IMAGE_DECODER, () -> real.decodeImage(checked.real()));
      return call.done(given(call, pixels, checked, 1));
    }
  }

  @Override
  public VaeDecoderStream openStream(VaeStreamRequest request) {
    try (Call call = watch.begin("VaeDecoder.openStream")) {
      call.requirePresent("request", request);
      VaeDecoderStream stream = call.runIf(Stage.VAE_VIDEO_DECODER, () -> real.openStream(request));
      Handle handle = call.opened(stream, "decoder stream", false);
      return call.done(new Stream(stream, new Video(handle)));
    }
  }

  private AssertingTensor latents(Call call, Tensor latents) {
    int channels = watch.architecture().vae().latentChannels();
    return call.tensor("latents", latents, Call.ANY, channels, 1, Call.ANY, Call.ANY);
  }

  private static Tensor given(Call call, Tensor pixels, AssertingTensor latents, long frames) {
    return call.given(
        "pixels",
        pixels,
        latents.dimension(0),
        3,
        frames,
        latents.dimension(3) * Architecture.VAE_SPATIAL_FACTOR,
        latents.dimension(4) * Architecture.VAE_SPATIAL_FACTOR);
  }

  private final class Stream implements VaeDecoderStream {

    private final VaeDecoderStream stream;
    private final Video video;

    private Stream(VaeDecoderStream stream, Video video) {
      this.stream = stream;
      this.video = video;
    }

    @Override
    public Tensor decode(Tensor latents) {
      try (Call call = watch.begin("VaeDecoderStream.decode")) {
        call.use(video.handle());
        AssertingTensor checked = latents(call, latents);
        video.requireSameSize(call, checked);
        long frames = video.frames();
        Tensor pixels = call.run(() -> stream.decode(checked.real()));
        video.next(checked);
        return call.done(given(call, pixels, checked, frames));
      }
    }

    @Override
    public void close() {
      video.handle().close("VaeDecoderStream.close");
    }
  }
}
