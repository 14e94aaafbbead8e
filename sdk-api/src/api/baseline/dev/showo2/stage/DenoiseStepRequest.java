package dev.showo2.stage;

public final class DenoiseStepRequest {
  DenoiseStepRequest() { super(); throw null; }
  public static DenoiseStepRequest.Builder builder(dev.showo2.tensor.Tensor latents, float time, DenoiseStepRequest.Branch conditional) { throw null; }
  public dev.showo2.tensor.Tensor latents() { throw null; }
  public float time() { throw null; }
  public DenoiseStepRequest.Branch conditional() { throw null; }
  public java.util.Optional<DenoiseStepRequest.Branch> unconditional() { throw null; }
  public float guidance() { throw null; }
  public static final class Branch {
    Branch() { super(); throw null; }
    public static DenoiseStepRequest.Branch of(KvCache backbone, KvCache flowHead) { throw null; }
    public KvCache backbone() { throw null; }
    public KvCache flowHead() { throw null; }
  }
  public static final class Builder {
    Builder() { super(); throw null; }
    public DenoiseStepRequest.Builder guidance(DenoiseStepRequest.Branch unconditional, float scale) { throw null; }
    public DenoiseStepRequest build() { throw null; }
  }
}
