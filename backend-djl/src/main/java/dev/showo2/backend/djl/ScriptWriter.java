package dev.showo2.backend.djl;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Writes one function in TorchScript out of layers, so that PyTorch is called once for all of them:
 * a call of DJL costs as much as an operator on a small array. Layers of one shape share the
 * compiled function, which lives as long as the engine. Not thread-safe.
 */
final class ScriptWriter {

  private static final Map<String, TorchScript> COMPILED = new ConcurrentHashMap<>();

  private final List<String> tensors = new ArrayList<>();
  private final List<String> integers = new ArrayList<>();
  private final List<NDArray> weights = new ArrayList<>();
  private final List<LongSupplier> suppliers = new ArrayList<>();
  private final StringBuilder body = new StringBuilder();
  private int variables;

  /**
   * @param tensors names of the tensors that each call is given
   */
  ScriptWriter(String... tensors) {
    this.tensors.addAll(List.of(tensors));
  }

  /** Declares an integer that each call is given; all of them before any of {@link #integer}. */
  void takes(String integer) {
    integers.add(integer);
  }

  /**
   * @return the variable that has a tensor of the model
   */
  String weight(NDArray weight) {
    String name = "w" + weights.size();
    tensors.add(name);
    weights.add(weight);
    return name;
  }

  /**
   * @return the variable that has an integer, which is asked for at each call
   */
  String integer(LongSupplier supplier) {
    String name = "n" + suppliers.size();
    integers.add(name);
    suppliers.add(supplier);
    return name;
  }

  /** A name that no other variable has. */
  String variable() {
    variables++;
    return "v" + variables;
  }

  /**
   * Assigns an expression to a new variable.
   *
   * @param expression in TorchScript, with {@code %s} for each of the variables
   * @return the new variable
   */
  String let(String expression, Object... used) {
    String name = variable();
    add("%s = %s", name, expression.formatted(used));
    return name;
  }

  /**
   * Adds statements.
   *
   * @param statements lines of TorchScript, with {@code %s} for each of the variables
   */
  void add(String statements, Object... used) {
    body.append(statements.formatted(used).stripTrailing()).append('\n');
  }

  /** The function, with its results. */
  ScriptFunction returning(String... results) {
    String source = body + "return [" + String.join(", ", results) + "]";
    // The names of tensors and integers follow from the source and what each call is given.
    String key = tensors + " " + integers + "\n" + source;
    TorchScript script =
        COMPILED.computeIfAbsent(key, absent -> TorchScript.compile(tensors, integers, source));
    return new ScriptFunction(script, List.copyOf(weights), List.copyOf(suppliers));
  }
}
