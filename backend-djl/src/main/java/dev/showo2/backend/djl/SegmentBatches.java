package dev.showo2.backend.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import dev.showo2.spi.support.Closer;
import dev.showo2.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/** Requests of several callers, put together in batches of like segments. */
final class SegmentBatches {

  private SegmentBatches() {}

  /**
   * Runs a pass for every kind of segment.
   *
   * @param <A> type of the checked requests
   * @param kind equal for those that one pass can take
   * @param batch sequences of a request
   * @param pass gives the results [B, ..] of its requests, joined along the batch
   * @return the result of each request, in their order; none is left open if one fails
   */
  static <A> List<Tensor> run(
      DjlContext context,
      List<A> requests,
      Function<A, Object> kind,
      ToIntFunction<A> batch,
      Function<List<A>, NDArray> pass) {
    Map<Object, List<Integer>> kinds = new LinkedHashMap<>();
    for (int i = 0; i < requests.size(); i++) {
      kinds.computeIfAbsent(kind.apply(requests.get(i)), each -> new ArrayList<>()).add(i);
    }
    Tensor[] results = new Tensor[requests.size()];
    try (Closer closer = new Closer()) {
      for (List<Integer> indexes : kinds.values()) {
        NDArray joined = pass.apply(indexes.stream().map(requests::get).toList());
        int row = 0;
        for (int index : indexes) {
          int end = row + batch.applyAsInt(requests.get(index));
          NDArray own =
              indexes.size() == 1 ? joined : joined.get(new NDIndex("{}:{}", row, end)).duplicate();
          results[index] = closer.add(context.tensor(own));
          row = end;
        }
      }
      closer.keepAll();
      return Arrays.asList(results);
    }
  }
}
