package dev.showo2.backend.djl;

import ai.djl.ndarray.NDArray;
import dev.showo2.spi.support.Closer;
import java.util.function.UnaryOperator;

/**
 * Linear layers whose products take bfloat16 and add up in 32-bit floats. DJL knows no bfloat16:
 * arrays of that type are made and used by TorchScript alone, and never asked for their type.
 * Thread-safe.
 */
final class Bf16Products implements LinearLayers, AutoCloseable {

  /** PyTorch's numbers of element types. */
  private static final String BFLOAT16 = "15";

  private static final String FLOAT32 = "6";

  private final Closer closer;
  private final TorchScript convert;
  private final TorchScript product;
  private final TorchScript productAndBias;
  private final TorchScript swiGlu;

  private Bf16Products(Closer closer) {
    this.closer = closer;
    String narrow = "torch.to(x, " + BFLOAT16 + ")";
    convert = closer.add(TorchScript.compile("torch.to(w, " + BFLOAT16 + ")", "w"));
    product =
        closer.add(
            TorchScript.compile(
                "torch.to(torch.linear(" + narrow + ", w), " + FLOAT32 + ")", "x", "w"));
    productAndBias =
        closer.add(
            TorchScript.compile(
                "torch.add(torch.to(torch.linear(" + narrow + ", w), " + FLOAT32 + "), b)",
                "x",
                "w",
                "b"));
    swiGlu =
        closer.add(
            TorchScript.compile(
                "torch.to(torch.linear(torch.mul(torch.silu(torch.linear("
                    + narrow
                    + ", gate)), torch.linear("
                    + narrow
                    + ", up)), down), "
                    + FLOAT32
                    + ")",
                "x",
                "gate",
                "up",
                "down"));
  }

  /** Compiles the functions; the caller closes them. */
  static Bf16Products compile() {
    Closer closer = new Closer();
    try {
      return new Bf16Products(closer);
    } catch (Throwable e) {
      Closer.closeAfter(e, closer);
      throw e;
    }
  }

  /** In bfloat16. */
  @Override
  public NDArray kept(NDArray weight) {
    return convert.call(weight);
  }

  @Override
  public DjlLinear linear(String key, NDArray weight, NDArray bias) {
    return bias == null ? x -> product.call(x, weight) : x -> productAndBias.call(x, weight, bias);
  }

  @Override
  public UnaryOperator<NDArray> swiGlu(String key, NDArray gate, NDArray up, NDArray down) {
    return x -> swiGlu.call(x, gate, up, down);
  }

  @Override
  public void close() {
    closer.close();
  }
}
