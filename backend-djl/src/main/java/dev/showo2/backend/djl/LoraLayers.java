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

/**
 * Linear layers of backbone and flow head with matrices of low rank beside them, which alone are
 * trained: y = W·x + scale · B·(A·dropout(x)).
 */
final class LoraLayers implements LinearLayers {

  private static final List<String> TRANSFORMERS =
      List.of("showo.model.layers.", "diffusion_head_a.");

  /** No seed. */
  private static final long OFF = -1;

  private final LoraRequest request;
  private final TrainedWeights weights;
  private final Set<String> unused;
  private boolean dropsOut;
  private long dropoutSeed;

  LoraLayers(LoraRequest request, TrainedWeights weights) {
    this.request = request;
    this.weights = weights;
    this.unused = new TreeSet<>(request.targets());
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
  public ScriptTerm linear(String key, NDArray weight, NDArray bias) {
    ScriptTerm base = FP32.linear(key, weight, bias);
    if (!isTarget(key)) {
      return base;
    }
    long out = weight.getShape().get(0);
    long in = weight.getShape().get(1);
    NDManager manager = weight.getManager();
    NDArray a = weights.addMatrix(key + ".lora_A.weight", initial(key, in, manager));
    NDArray b =
        weights.addMatrix(key + ".lora_B.weight", manager.zeros(new Shape(out, request.rank())));
    return (script, x) ->
        script.let(
            "torch.add(%s, torch.linear(torch.linear(%s, %s), %s), alpha=%s)",
            base.write(script, x),
            dropout(key, script, x),
            script.weight(a),
            script.weight(b),
            TorchScript.literal(request.scale()));
  }

  @Override
  public ScriptTerm swiGlu(String key, NDArray gate, NDArray up, NDArray down) {
    String gateKey = key + ".gate_proj";
    String upKey = key + ".up_proj";
    String downKey = key + ".down_proj";
    if (!isTarget(gateKey) && !isTarget(upKey) && !isTarget(downKey)) {
      return FP32.swiGlu(key, gate, up, down);
    }
    ScriptTerm first = linear(gateKey, gate, null);
    ScriptTerm second = linear(upKey, up, null);
    ScriptTerm third = linear(downKey, down, null);
    return (script, x) ->
        third.write(
            script,
            script.let(
                "torch.mul(torch.silu(%s), %s)", first.write(script, x), second.write(script, x)));
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

  /**
   * Leaves some values out and makes the others larger, while that is on: the same ones for the
   * same seed and layer, so that a layer can be computed again.
   */
  private String dropout(String key, ScriptWriter script, String x) {
    if (request.dropout() == 0) {
      return x;
    }
    String kept = TorchScript.literal(1 - request.dropout());
    String seed = script.integer(() -> dropsOut ? dropoutSeed(key) : OFF);
    String result = script.variable();
    script.add(
        """
        if %2$s == %3$s:
          %1$s = %4$s
        else:
          drawn = torch.Generator(device=%4$s.device, seed=%2$s)
          mask = torch.bernoulli(torch.detach(%4$s), %5$s, generator=drawn)
          %1$s = torch.div(torch.mul(%4$s, mask), %5$s)
        """,
        result, seed, OFF, x, kept);
    return result;
  }

  private long dropoutSeed(String key) {
    return (dropoutSeed * 31 + key.hashCode()) & Long.MAX_VALUE;
  }
}
