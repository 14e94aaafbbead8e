package dev.showo2.pipeline;

public final class DecodingException extends dev.showo2.error.ShowO2Exception {
  public DecodingException(String message, dev.showo2.tensor.HostTensor latents, Throwable cause) { super((String) null, (Throwable) null); throw null; }
  public dev.showo2.tensor.HostTensor latents() { throw null; }
}
