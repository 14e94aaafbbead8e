package dev.showo2.stage;

import dev.showo2.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Several requests to one stage, one after the other. */
final class EachRequest {

  private EachRequest() {}

  /** Runs every request; where one fails, the results of those before it are closed. */
  static <R> List<Tensor> run(List<R> requests, Function<R, Tensor> stage) {
    List<Tensor> results = new ArrayList<>(requests.size());
    try {
      for (R request : requests) {
        results.add(stage.apply(request));
      }
      return results;
    } catch (Throwable e) {
      for (Tensor result : results) {
        try {
          result.close();
        } catch (RuntimeException | Error suppressed) {
          e.addSuppressed(suppressed);
        }
      }
      throw e;
    }
  }
}
