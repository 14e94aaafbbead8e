package dev.showo2.conformance.fault;

import dev.showo2.stage.VaeDecoder;
import dev.showo2.stage.VaeDecoderStream;
import dev.showo2.stage.VaeStreamRequest;
import dev.showo2.tensor.Tensor;
import java.util.function.UnaryOperator;

/** A right decoder, of images and videos, with something wrong before it or after it. */
record VaeDecoderAround(VaeDecoder right, Decoding faulty) implements VaeDecoder {

  /** One image or one latent frame. */
  @FunctionalInterface
  interface Decoding {

    Tensor decode(Tensor latents, UnaryOperator<Tensor> right);
  }

  @Override
  public Tensor decodeImage(Tensor latents) {
    return faulty.decode(latents, right::decodeImage);
  }

  @Override
  public VaeDecoderStream openStream(VaeStreamRequest request) {
    VaeDecoderStream stream = right.openStream(request);
    return new VaeDecoderStream() {

      @Override
      public Tensor decode(Tensor latents) {
        return faulty.decode(latents, stream::decode);
      }

      @Override
      public void close() {
        stream.close();
      }
    };
  }
}
