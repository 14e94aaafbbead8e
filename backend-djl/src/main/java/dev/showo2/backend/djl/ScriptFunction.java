package dev.showo2.backend.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * A function that a {@link ScriptWriter} has written, with the weights of its layers. Thread-safe;
 * gradients pass through it.
 *
 * @param integers asked for at each call, behind those that the call is given
 */
record ScriptFunction(TorchScript script, List<NDArray> weights, List<LongSupplier> integers) {

  private static final long[] NONE = {};

  /** Calls a function with one result, which belongs to the manager of the first argument. */
  NDArray call(NDArray... arguments) {
    return callAll(arguments[0].getManager(), NONE, arguments)[0];
  }

  /**
   * Calls the function.
   *
   * @param scope to which its results belong
   */
  NDArray[] callAll(NDManager scope, long[] numbers, NDArray... arguments) {
    long[] allNumbers = Arrays.copyOf(numbers, numbers.length + integers.size());
    for (int i = 0; i < integers.size(); i++) {
      allNumbers[numbers.length + i] = integers.get(i).getAsLong();
    }
    NDArray[] tensors = Arrays.copyOf(arguments, arguments.length + weights.size());
    for (int i = 0; i < weights.size(); i++) {
      tensors[arguments.length + i] = weights.get(i);
    }
    return script.callAll(scope, allNumbers, tensors);
  }
}
