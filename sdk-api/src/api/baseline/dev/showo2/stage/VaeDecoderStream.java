package dev.showo2.stage;

public interface VaeDecoderStream extends AutoCloseable {
  public abstract dev.showo2.tensor.Tensor decode(dev.showo2.tensor.Tensor latents);
  public abstract void close();
}
