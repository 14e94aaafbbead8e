package dev.showo2.stage;

public interface VaeDecoder {
  public abstract dev.showo2.tensor.Tensor decodeImage(dev.showo2.tensor.Tensor latents);
  public abstract VaeDecoderStream openStream(VaeStreamRequest request);
}
