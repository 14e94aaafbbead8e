package dev.showo2.conformance.internal.check.run;

import dev.showo2.spi.Backend;
import dev.showo2.stage.LatentDistribution;
import dev.showo2.stage.VaeDecoderStream;
import dev.showo2.stage.VaeEncoderStream;
import dev.showo2.tensor.Tensor;

/** Streams of one direction are one and the same until the last of them is closed. */
final class SharedStreams extends AlteredVae {

  private VaeEncoderStream encoder;
  private VaeDecoderStream decoder;
  private int encoders;
  private int decoders;

  SharedStreams(Backend right) {
    super(right);
  }

  @Override
  VaeEncoderStream encoderStream() {
    if (encoders++ == 0) {
      encoder = super.encoderStream();
    }
    return new VaeEncoderStream() {
      @Override
      public LatentDistribution encode(Tensor pixels) {
        return encoder.encode(pixels);
      }

      @Override
      public void close() {
        if (--encoders == 0) {
          encoder.close();
        }
      }
    };
  }

  @Override
  VaeDecoderStream decoderStream() {
    if (decoders++ == 0) {
      decoder = super.decoderStream();
    }
    return new VaeDecoderStream() {
      @Override
      public Tensor decode(Tensor latents) {
        return decoder.decode(latents);
      }

      @Override
      public void close() {
        if (--decoders == 0) {
          decoder.close();
        }
      }
    };
  }
}
