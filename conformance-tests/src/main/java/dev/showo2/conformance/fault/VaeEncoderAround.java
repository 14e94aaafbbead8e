package dev.showo2.conformance.fault;

import dev.showo2.stage.LatentDistribution;
import dev.showo2.stage.VaeEncoder;
import dev.showo2.stage.VaeEncoderStream;
import dev.showo2.stage.VaeStreamRequest;
import dev.showo2.tensor.Tensor;
import java.util.function.UnaryOperator;

/**
 * A right encoder, of images and videos, whose results are changed.
 *
 * @param given what becomes of a distribution, which is its to close
 */
record VaeEncoderAround(VaeEncoder right, UnaryOperator<LatentDistribution> given)
    implements VaeEncoder {

  @Override
  public LatentDistribution encodeImage(Tensor pixels) {
    return given.apply(right.encodeImage(pixels));
  }

  @Override
  public VaeEncoderStream openStream(VaeStreamRequest request) {
    VaeEncoderStream stream = right.openStream(request);
    return new VaeEncoderStream() {

      @Override
      public LatentDistribution encode(Tensor pixels) {
        return given.apply(stream.encode(pixels));
      }

      @Override
      public void close() {
        stream.close();
      }
    };
  }
}
