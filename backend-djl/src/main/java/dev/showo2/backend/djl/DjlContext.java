package dev.showo2.backend.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.showo2.model.Architecture;
import dev.showo2.spi.support.BackendLifetime;
import dev.showo2.spi.support.StageArguments;
import dev.showo2.stage.Stage;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The parts of one backend that all its stages use.
 *
 * @param calls to PyTorch
 * @param manager to which weights, results and caches belong
 * @param formulas that no file of the bundle says
 * @param arguments checks what stages are given
 */
record DjlContext(
    DjlCalls calls,
    Architecture architecture,
    NDManager manager,
    DjlFormulas formulas,
    StageArguments<DjlTensor, DjlKvCache> arguments) {

  DjlContext(DjlCalls calls, Architecture architecture, NDManager manager, DjlFormulas formulas) {
    this(
        calls,
        architecture,
        manager,
        formulas,
        new StageArguments<>(architecture, calls.lifetime(), DjlTensor.class, DjlKvCache.class));
  }

  BackendLifetime lifetime() {
    return calls.lifetime();
  }

  /**
   * Runs one call to the engine.
   *
   * @param activity begins messages
   */
  <T> T call(String activity, Supplier<T> call) {
    return lifetime().call(() -> calls.run(activity, call));
  }

  /** Runs one call of a stage. */
  <T> T call(Stage stage, Supplier<T> call) {
    return call("stage " + stage.id(), call);
  }

  /**
   * Runs one call of a stage with a manager for its intermediate values, which are freed when it
   * ends. Results that outlive it go through {@link #tensor}.
   */
  <T> T scoped(Stage stage, Function<NDManager, T> call) {
    return call(
        stage,
        () -> {
          try (NDManager scope = manager.newSubManager()) {
            return call.apply(scope);
          }
        });
  }

  /** Ends a long computation between two of its parts if the JVM is shutting down. */
  void checkRunning() {
    lifetime().run(() -> {});
  }

  /** An array that outlives the call; the caller closes it. */
  DjlTensor tensor(NDArray array) {
    array.attach(manager);
    return new DjlTensor(calls, array);
  }
}
