package dev.showo2.backend.djl;

import ai.djl.ndarray.NDArray;

/**
 * Linear layers whose products take bfloat16 and add up in 32-bit floats. DJL knows no bfloat16:
 * arrays of that type are made and used by TorchScript alone, and never asked for their type.
 * Thread-safe.
 */
final class Bf16Products implements LinearLayers, AutoCloseable {

  /** PyTorch's numbers of element types. */
  private static final String BFLOAT16 = "15";

  private static final String FLOAT32 = "6";

  private static final String NARROW_X = "torch.to(x, " + BFLOAT16 + ")";

  private final TorchScript convert = TorchScript.compile("torch.to(w, " + BFLOAT16 + ")", "w");

  /** In bfloat16. */
  @Override
  public NDArray kept(NDArray weight) {
    return convert.call(weight);
  }

  @Override
  public ScriptTerm linear(String key, NDArray weight, NDArray bias) {
    return (script, x) -> {
      String product =
          script.let(
              "torch.to(torch.linear(torch.to(%s, %s), %s), %s)",
              x, BFLOAT16, script.weight(weight), FLOAT32);
      return bias == null ? product : script.let("torch.add(%s, %s)", product, script.weight(bias));
    };
  }

  @Override
  public ScriptTerm swiGlu(String key, NDArray gate, NDArray up, NDArray down) {
    return SwiGlu.of(
        "torch.to(torch.linear(torch.mul(torch.silu(torch.linear("
            + NARROW_X
            + ", gate)), torch.linear("
            + NARROW_X
            + ", up)), down), "
            + FLOAT32
            + ")",
        gate,
        up,
        down);
  }

  @Override
  public void close() {
    convert.close();
  }
}
