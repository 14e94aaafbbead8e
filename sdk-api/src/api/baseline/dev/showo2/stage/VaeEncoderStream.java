package dev.showo2.stage;

public interface VaeEncoderStream extends AutoCloseable {
  public abstract LatentDistribution encode(dev.showo2.tensor.Tensor pixels);
  public abstract void close();
}
