package dev.showo2.backend.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import dev.showo2.error.InvalidRequestException;
import dev.showo2.tensor.Shape;
import dev.showo2.train.spi.AdamW;
import dev.showo2.train.spi.ParameterGroup;
import dev.showo2.train.spi.TrainableModel.Slot;
import dev.showo2.train.spi.TrainableModel.Weight;
import dev.showo2.train.spi.TrainingRequest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * The weights of a model in training, their gradients, and the optimizer (SPEC 10). Those that are
 * trained are leaves of PyTorch's graph, in memory of their own; the others are as in inference.
 */
final class TrainedWeights implements DjlWeights.Edit, AutoCloseable {

  /** Beginnings of the names in the VAE. */
  private static final List<String> VAE = List.of("encoder.", "decoder.", "conv1.", "conv2.");

  /** Values that are copied at once. */
  private static final int CHUNK = 1 << 22;

  private static final TorchScript NORM =
      TorchScript.compile(
          "return [torch.linalg_vector_norm(torch.stack(torch._foreach_norm(tensors, 2)), 2)]");

  private final List<ParameterGroup> groups;
  private final AdamW optimizer;
  private final OptionalDouble averageDecay;
  private final boolean freezes;
  private final Map<String, NDArray> untrained = new TreeMap<>();
  private final Map<String, Variable> trained = new TreeMap<>();
  private final TorchScript step;
  private final Optional<TorchScript> average;
  private long updates;

  /** A weight that is trained. */
  private static final class Variable {

    private final int group;
    private final NDArray weight;
    private final NDArray firstMoment;
    private final NDArray secondMoment;
    private final NDArray average;

    /** Whether the step has a gradient for it that may be zero everywhere. */
    private boolean reached;

    Variable(int group, NDArray weight, boolean keepsAverage) {
      this.group = group;
      this.weight = weight;
      this.firstMoment = weight.zerosLike();
      this.secondMoment = weight.zerosLike();
      this.average = keepsAverage ? weight.duplicate() : null;
      weight.setRequiresGradient(true);
    }

    NDArray of(Slot slot) {
      return switch (slot) {
        case WEIGHT -> weight;
        case FIRST_MOMENT -> firstMoment;
        case SECOND_MOMENT -> secondMoment;
        case AVERAGE -> average;
      };
    }

    /** The gradient, or null if the step has none. */
    NDArray gradient() {
      NDArray gradient = JniUtils.getGradient((PtNDArray) weight);
      return gradient == null && reached ? weight.zerosLike() : gradient;
    }

    /** Leaves the weight without a gradient, as if no step had been. */
    void discardGradient() {
      NDArray fresh = weight.stopGradient();
      fresh.setRequiresGradient(true);
      weight.intern(fresh);
      reached = false;
    }

    void close() {
      // Interning has put other arrays behind the name by which the manager knows the weight.
      weight.close();
      firstMoment.close();
      secondMoment.close();
      if (average != null) {
        average.close();
      }
    }
  }

  /**
   * @param request whose groups choose among the weights that are loaded; with an adapter, among
   *     its matrices alone
   */
  TrainedWeights(TrainingRequest request) {
    this.groups = request.groups();
    this.optimizer = request.optimizer();
    this.averageDecay = request.averageDecay();
    this.freezes = request.lora().isPresent();
    this.step = compileStep(optimizer);
    this.average =
        averageDecay.isPresent()
            ? Optional.of(compileAverage(averageDecay.getAsDouble()))
            : Optional.empty();
  }

  /**
   * PyTorch's own step, which changes all weights of a group and their moments in one pass. The
   * result is taken from the list that it changed: TorchScript leaves out a step whose lists nobody
   * looks at again.
   */
  private static TorchScript compileStep(AdamW optimizer) {
    return TorchScript.compile(
        """
        count, rate, clip, = tensors[0:3]
        of = (torch.len(tensors) - 3) // 4
        weights = tensors[3:3 + of]
        gradients = tensors[3 + of:3 + 2 * of]
        first = tensors[3 + 2 * of:3 + 3 * of]
        second = tensors[3 + 3 * of:]
        counts = [count for _ in weights]
        torch._fused_adamw_(weights, gradients, first, second, annotate(List[Tensor], []), counts, \
        lr=rate, beta1=%s, beta2=%s, weight_decay=%s, eps=%s, \
        amsgrad=False, maximize=False, grad_scale=clip)
        return [weights[0]]
        """
            .formatted(
                TorchScript.literal(optimizer.beta1()),
                TorchScript.literal(optimizer.beta2()),
                TorchScript.literal(optimizer.weightDecay()),
                TorchScript.literal(optimizer.epsilon())));
  }

  private static TorchScript compileAverage(double decay) {
    return TorchScript.compile(
        """
        of = torch.len(tensors) // 2
        averages = tensors[:of]
        torch._foreach_mul_(averages, %s)
        torch._foreach_add_(averages, tensors[of:], alpha=%s)
        return [averages[0]]
        """
            .formatted(TorchScript.literal(decay), TorchScript.literal(1 - decay)));
  }

  @Override
  public NDArray apply(String key, NDArray weight) {
    if (isOfVae(key)) {
      return weight;
    }
    if (!changesLater(key)) {
      untrained.put(key, weight);
      return weight;
    }
    return add(key, weight, group(key));
  }

  @Override
  public boolean changesLater(String key) {
    return !freezes && !isOfVae(key) && group(key) >= 0;
  }

  private static boolean isOfVae(String key) {
    return VAE.stream().anyMatch(key::startsWith);
  }

  /**
   * Adds a weight that no file has.
   *
   * @param initial becomes a leaf if it is trained
   */
  NDArray addMatrix(String key, NDArray initial) {
    int group = group(key);
    if (group < 0) {
      untrained.put(key, initial);
      return initial;
    }
    return add(key, initial, group);
  }

  private NDArray add(String key, NDArray weight, int group) {
    trained.put(key, new Variable(group, weight, averageDecay.isPresent()));
    return weight;
  }

  private int group(String key) {
    return IntStream.range(0, groups.size())
        .filter(group -> groups.get(group).contains(key))
        .findFirst()
        .orElse(-1);
  }

  /**
   * @throws InvalidRequestException if a group has no weight, or a part of a name is in none
   */
  void checkGroups() {
    Set<String> all = new TreeSet<>(trained.keySet());
    all.addAll(untrained.keySet());
    for (int i = 0; i < groups.size(); i++) {
      ParameterGroup group = groups.get(i);
      int index = i;
      if (trained.values().stream().noneMatch(variable -> variable.group == index)) {
        throw new InvalidRequestException(
            "no weight is trained in the group '"
                + group.name()
                + "' (names with "
                + group.including()
                + " and without "
                + group.excluding()
                + "); take it out, or name weights that earlier groups leave");
      }
      List<String> parts = new ArrayList<>(group.including());
      parts.addAll(group.excluding());
      for (String part : parts) {
        if (all.stream().noneMatch(name -> name.contains(part))) {
          throw new InvalidRequestException(
              "no weight of this model has '"
                  + part
                  + "' in its name, which the group '"
                  + group.name()
                  + "' asks for");
        }
      }
    }
  }

  List<Weight> list() {
    Map<String, Weight> all = new TreeMap<>();
    untrained.forEach((key, weight) -> all.put(key, new Weight(key, shape(weight), -1)));
    trained.forEach(
        (key, variable) -> all.put(key, new Weight(key, shape(variable.weight), variable.group)));
    return List.copyOf(all.values());
  }

  private static Shape shape(NDArray array) {
    return Shape.of(array.getShape().getShape());
  }

  /** Whether a weight is trained whose name begins so. */
  boolean trains(String beginning) {
    return trained.keySet().stream().anyMatch(name -> name.startsWith(beginning));
  }

  /** Notes that a loss depends on weights, even if no gradient arrives at them. */
  void reach(Predicate<String> weights) {
    trained.forEach(
        (key, variable) -> {
          if (weights.test(key)) {
            variable.reached = true;
          }
        });
  }

  void discardGradients() {
    trained.values().forEach(Variable::discardGradient);
  }

  long updates() {
    return updates;
  }

  void setUpdates(long value) {
    updates = value;
  }

  /**
   * Clips the gradients and makes one step, unless their norm is not finite.
   *
   * @return the norm before clipping
   */
  double update(List<Double> rates, NDManager scope) {
    Map<Variable, NDArray> gradients = new LinkedHashMap<>();
    try {
      for (Variable variable : trained.values()) {
        NDArray gradient = variable.gradient();
        if (gradient != null) {
          gradients.put(variable, gradient);
        }
      }
      double norm = norm(gradients.values(), scope);
      if (Double.isFinite(norm)) {
        updates++;
        double factor = Math.min(1, optimizer.maxNorm() / (norm + 1e-6));
        for (int group = 0; group < groups.size(); group++) {
          step(group, gradients, rates.get(group), factor, scope);
        }
        average.ifPresent(script -> average(script, scope));
      }
      return norm;
    } finally {
      gradients.values().forEach(NDArray::close);
      discardGradients();
    }
  }

  /** Of all gradients together, as the norm of their norms. */
  private static double norm(Collection<NDArray> gradients, NDManager scope) {
    return gradients.isEmpty() ? 0 : run(NORM, new ArrayList<>(gradients), scope).getFloat();
  }

  private void step(
      int group, Map<Variable, NDArray> gradients, double rate, double clip, NDManager scope) {
    List<Variable> some =
        gradients.keySet().stream().filter(variable -> variable.group == group).toList();
    if (some.isEmpty()) {
      return;
    }
    List<NDArray> arguments = new ArrayList<>();
    arguments.add(scope.create((float) updates));
    arguments.add(scope.create(rate));
    arguments.add(scope.create((float) (1 / clip)));
    some.forEach(variable -> arguments.add(variable.weight));
    some.forEach(variable -> arguments.add(gradients.get(variable)));
    some.forEach(variable -> arguments.add(variable.firstMoment));
    some.forEach(variable -> arguments.add(variable.secondMoment));
    run(step, arguments, scope);
  }

  private void average(TorchScript script, NDManager scope) {
    List<NDArray> arguments = new ArrayList<>();
    trained.values().forEach(variable -> arguments.add(variable.average));
    trained.values().forEach(variable -> arguments.add(variable.weight));
    run(script, arguments, scope);
  }

  private static NDArray run(TorchScript script, List<NDArray> arguments, NDManager scope) {
    return script.callAll(scope, new long[0], arguments.toArray(NDArray[]::new))[0];
  }

  void read(String name, Slot slot, long from, FloatBuffer target, NDManager scope) {
    NDArray flat = flat(name, slot, from, target.remaining(), scope);
    long next = from;
    while (target.hasRemaining()) {
      int count = Math.min(CHUNK, target.remaining());
      try (NDManager inner = scope.newSubManager()) {
        NDArray part = NdScopes.view(flat, inner).get(new NDIndex("{}:{}", next, next + count));
        target.put(part.toByteBuffer().order(ByteOrder.nativeOrder()).asFloatBuffer());
      }
      next += count;
    }
  }

  void write(String name, Slot slot, long from, FloatBuffer source, NDManager scope) {
    if (!trained.containsKey(name)) {
      throw new IllegalArgumentException("the weight '" + name + "' is not trained");
    }
    NDArray flat = flat(name, slot, from, source.remaining(), scope);
    long next = from;
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(Math.min(CHUNK, source.remaining()) * Float.BYTES)
            .order(ByteOrder.nativeOrder());
    while (source.hasRemaining()) {
      int count = Math.min(CHUNK, source.remaining());
      bytes.clear().limit(count * Float.BYTES);
      bytes.asFloatBuffer().put(source.slice().limit(count));
      source.position(source.position() + count);
      try (NDManager inner = scope.newSubManager()) {
        NDArray values =
            inner.create(bytes, new ai.djl.ndarray.types.Shape(count), DataType.FLOAT32);
        flat.set(new NDIndex("{}:{}", next, next + count), values);
      }
      next += count;
    }
  }

  /** All values in one row, in the memory of the array itself. */
  private NDArray flat(String name, Slot slot, long from, int count, NDManager scope) {
    NDArray array = array(name, slot);
    if (from < 0 || from + count > array.size()) {
      throw new IllegalArgumentException(
          "the weight '"
              + name
              + "' has "
              + array.size()
              + " values, asked for "
              + count
              + " from "
              + from);
    }
    return NdScopes.view(array, scope).reshape(-1);
  }

  private NDArray array(String name, Slot slot) {
    Variable variable = trained.get(name);
    NDArray array =
        variable != null ? variable.of(slot) : slot == Slot.WEIGHT ? untrained.get(name) : null;
    if (array == null) {
      throw new IllegalArgumentException("no " + slot + " is kept for a weight '" + name + "'");
    }
    return array;
  }

  @Override
  public void close() {
    try (step) {
      average.ifPresent(TorchScript::close);
      trained.values().forEach(Variable::close);
    }
  }
}
