package dev.showo2.conformance.internal.check.run;

import dev.showo2.spi.Backend;
import dev.showo2.stage.LatentDistribution;
import dev.showo2.stage.VaeDecoder;
import dev.showo2.stage.VaeDecoderStream;
import dev.showo2.stage.VaeEncoder;
import dev.showo2.stage.VaeEncoderStream;
import dev.showo2.stage.VaeStreamRequest;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;

/** A right VAE; tests override what is to be wrong. */
class AlteredVae extends Altered {

  private final Backend right;

  AlteredVae(Backend right) {
    super(right);
    this.right = right;
  }

  /** Of images, pixels or latents. */
  HostTensor input(HostTensor input) {
    return input;
  }

  /** Of images, each half of a distribution by itself. */
  HostTensor result(HostTensor result) {
    return result;
  }

  /** Of images. */
  HostTensor logVariance(HostTensor logVariance) {
    return logVariance;
  }

  VaeEncoderStream encoderStream() {
    return right.vaeEncoder().openStream(VaeStreamRequest.unspecified());
  }

  VaeDecoderStream decoderStream() {
    return right.vaeDecoder().openStream(VaeStreamRequest.unspecified());
  }

  @Override
  public VaeEncoder vaeEncoder() {
    return new VaeEncoder() {
      @Override
      public LatentDistribution encodeImage(Tensor pixels) {
        try (Tensor input = upload(input(pixels.toHost()))) {
          LatentDistribution latents = right.vaeEncoder().encodeImage(input);
          return new LatentDistribution(
              changed(latents.mean(), mean -> result(mean)),
              changed(latents.logVariance(), values -> result(logVariance(values))));
        }
      }

      @Override
      public VaeEncoderStream openStream(VaeStreamRequest request) {
        return encoderStream();
      }
    };
  }

  @Override
  public VaeDecoder vaeDecoder() {
    return new VaeDecoder() {
      @Override
      public Tensor decodeImage(Tensor latents) {
        try (Tensor input = upload(input(latents.toHost()))) {
          return changed(right.vaeDecoder().decodeImage(input), pixels -> result(pixels));
        }
      }

      @Override
      public VaeDecoderStream openStream(VaeStreamRequest request) {
        return decoderStream();
      }
    };
  }
}
