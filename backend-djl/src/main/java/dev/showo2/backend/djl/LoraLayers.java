package dev.showo2.backend.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.showo2.error.InvalidRequestException;
import dev.showo2.train.spi.LoraRequest;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * Linear layers of backbone and flow head with matrices of low rank beside them, which alone are
 * trained: y = W·x + scale · B·(A·dropout(x)).
 */
final class LoraLayers implements LinearLayers, AutoCloseable {

  private static final List<String> TRANSFORMERS =
      List.of("showo.model.layers.", "diffusion_head_a.");

  private final LoraRequest request;
  private final TrainedWeights weights;
  private final TorchScript sum;
  private final Set<String> unused;
  private boolean dropsOut;
  private long dropoutSeed;

  LoraLayers(LoraRequest request, TrainedWeights weights) {
    this.request = request;
    this.weights = weights;
    this.unused = new TreeSet<>(request.targets());
    this.sum =
        TorchScript.compile(
            "torch.add(y, torch.linear(torch.linear(x, a), b), alpha="
                + TrainedWeights.literal(request.scale())
                + ")",
            "y",
            "x",
            "a",
            "b");
  }

  /**
   * @throws InvalidRequestException if a target is the name of no layer
   */
  void checkTargets() {
    if (!unused.isEmpty()) {
      throw new InvalidRequestException(
          "no linear layer of backbone and flow head is named "
              + unused
              + "; q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj, down_proj and"
              + " adaLN_modulation.1 are");
    }
  }

  /** Leaves inputs out from now on, other ones for each seed. */
  void beginDropout(long seed) {
    dropsOut = request.dropout() > 0;
    dropoutSeed = seed;
  }

  void endDropout() {
    dropsOut = false;
  }

  @Override
  public NDArray kept(NDArray weight) {
    return weight;
  }

  @Override
  public DjlLinear linear(String key, NDArray weight, NDArray bias) {
    DjlLinear base = FP32.linear(key, weight, bias);
    if (!isTarget(key)) {
      return base;
    }
    long out = weight.getShape().get(0);
    long in = weight.getShape().get(1);
    NDManager manager = weight.getManager();
    NDArray a = weights.addMatrix(key + ".lora_A.weight", initial(key, in, manager));
    NDArray b =
        weights.addMatrix(key + ".lora_B.weight", manager.zeros(new Shape(out, request.rank())));
    return x -> sum.call(base.apply(x), dropout(key, x), a, b);
  }

  @Override
  public UnaryOperator<NDArray> swiGlu(String key, NDArray gate, NDArray up, NDArray down) {
    String gateKey = key + ".gate_proj";
    String upKey = key + ".up_proj";
    String downKey = key + ".down_proj";
    if (!isTarget(gateKey) && !isTarget(upKey) && !isTarget(downKey)) {
      return FP32.swiGlu(key, gate, up, down);
    }
    DjlLinear first = linear(gateKey, gate, null);
    DjlLinear second = linear(upKey, up, null);
    DjlLinear third = linear(downKey, down, null);
    return x -> third.apply(TorchFunctions.silu(first.apply(x)).mul(second.apply(x)));
  }

  /** As PEFT chooses layers: by the end of their name. */
  private boolean isTarget(String key) {
    boolean found = false;
    if (TRANSFORMERS.stream().anyMatch(key::startsWith)) {
      for (String target : request.targets()) {
        if (key.endsWith("." + target)) {
          unused.remove(target);
          found = true;
        }
      }
    }
    return found;
  }

  /** Uniform within ±1/√inputs. */
  private NDArray initial(String key, long in, NDManager manager) {
    SplittableRandom random = new SplittableRandom(request.seed() * 31 + key.hashCode());
    float bound = (float) (1 / Math.sqrt(in));
    float[] values = new float[Math.toIntExact(request.rank() * in)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextDouble() * 2 - 1) * bound;
    }
    return NdScopes.copyOf(values, new Shape(request.rank(), in), manager);
  }

  /** The same for the same seed and layer, so that a layer can be computed again. */
  private NDArray dropout(String key, NDArray x) {
    if (!dropsOut) {
      return x;
    }
    SplittableRandom random = new SplittableRandom(dropoutSeed * 31 + key.hashCode());
    float kept = (float) (1 / (1 - request.dropout()));
    float[] mask = new float[Math.toIntExact(x.size())];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = random.nextDouble() < request.dropout() ? 0 : kept;
    }
    return x.mul(NdScopes.copyOf(mask, x.getShape(), x.getManager()));
  }

  @Override
  public void close() {
    sum.close();
  }
}
