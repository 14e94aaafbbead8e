package dev.showo2.backend.djl;

import ai.djl.ndarray.NDArray;
import java.util.function.UnaryOperator;

/** A function of one tensor in TorchScript, such as a layer: a part of larger functions. */
@FunctionalInterface
interface ScriptTerm {

  /** Nothing to compute. */
  ScriptTerm IDENTITY = (script, x) -> x;

  /** x · sigmoid(x). */
  ScriptTerm SILU = (script, x) -> script.let("torch.silu(%s)", x);

  /**
   * Adds the computation to a function.
   *
   * @param x the variable that it takes
   * @return the variable that has its result
   */
  String write(ScriptWriter script, String x);

  /** This function, and the other one of its result. */
  default ScriptTerm then(ScriptTerm next) {
    return (script, x) -> next.write(script, write(script, x));
  }

  /** This alone, as a function that can be called. */
  default UnaryOperator<NDArray> compiled() {
    ScriptWriter script = new ScriptWriter("x");
    ScriptFunction function = script.returning(write(script, "x"));
    return function::call;
  }
}
