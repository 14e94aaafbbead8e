package dev.showo2.conformance.internal.check.run;

import dev.showo2.conformance.internal.compare.HostTensors;
import dev.showo2.spi.Backend;
import dev.showo2.stage.LatentDistribution;
import dev.showo2.stage.VaeDecoderStream;
import dev.showo2.stage.VaeEncoderStream;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;

/** Every chunk but the first has a black frame before it and nothing else. */
final class ForgetfulStreams extends AlteredVae {

  ForgetfulStreams(Backend right) {
    super(right);
  }

  private Tensor before(Tensor chunk) {
    HostTensor first = HostTensors.slice(chunk.toHost(), 2, 0, 1);
    return upload(HostTensor.zeros(first.shape()));
  }

  @Override
  VaeEncoderStream encoderStream() {
    return new VaeEncoderStream() {
      private boolean started;

      @Override
      public LatentDistribution encode(Tensor pixels) {
        try (VaeEncoderStream stream = ForgetfulStreams.super.encoderStream();
            Tensor black = before(pixels)) {
          if (started) {
            stream.encode(black).close();
          }
          started = true;
          return stream.encode(pixels);
        }
      }

      @Override
      public void close() {}
    };
  }

  @Override
  VaeDecoderStream decoderStream() {
    return new VaeDecoderStream() {
      private boolean started;

      @Override
      public Tensor decode(Tensor latents) {
        try (VaeDecoderStream stream = ForgetfulStreams.super.decoderStream();
            Tensor black = before(latents)) {
          if (started) {
            stream.decode(black).close();
          }
          started = true;
          return stream.decode(latents);
        }
      }

      @Override
      public void close() {}
    };
  }
}
