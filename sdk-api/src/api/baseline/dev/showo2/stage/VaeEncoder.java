package dev.showo2.stage;

public interface VaeEncoder {
  public abstract LatentDistribution encodeImage(dev.showo2.tensor.Tensor pixels);
  public abstract VaeEncoderStream openStream(VaeStreamRequest request);
}
