package dev.showo2.conformance.internal.check;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.compare.HostTensors;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.error.InvalidRequestException;
import dev.showo2.spi.Backend;
import dev.showo2.stage.Stage;
import dev.showo2.stage.TextEmbeddingRequest;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Token ids to embeddings. */
final class TokenIds {

  private TokenIds() {}

  static List<Check> checks() {
    return List.of(
        check(Rule.L01, "every-id", TokenIds::everyId),
        check(Rule.L01, "ids-that-come-again", TokenIds::repeated),
        check(Rule.L04, "ids-outside-the-vocabulary", TokenIds::outside),
        check(Rule.L05, "embeddings", TokenIds::rows));
  }

  private static Check check(Rule rule, String name, Experiment experiment) {
    return Check.of(rule, name, experiment, Stage.TEXT_EMBEDDING);
  }

  private static int vocabulary(CheckContext trial) {
    return trial.bundle().architecture().backbone().vocabularySize();
  }

  private static HostTensor embed(Backend backend, int[]... ids) {
    try (Tensor embeddings = backend.textEmbedding().embed(new TextEmbeddingRequest(ids))) {
      return embeddings.toHost();
    }
  }

  private static void everyId(CheckContext trial, Checks checks) {
    compare(trial, checks, IntStream.range(0, vocabulary(trial)).toArray());
  }

  private static void repeated(CheckContext trial, Checks checks) {
    int last = vocabulary(trial) - 1;
    compare(trial, checks, last, 7, 7, 0, last, 0, 7);
  }

  private static void compare(CheckContext trial, Checks checks, int... ids) {
    checks.hint(
        "position i of the result is row ids[i] of the embedding matrix as it stands in the"
            + " checkpoint, neither scaled nor sorted, with the last row in it");
    checks.stage("embeddings", embed(trial.backend(), ids), embed(trial.reference(), ids));
  }

  private static void outside(CheckContext trial, Checks checks) {
    int size = vocabulary(trial);
    checks.hint(
        "compare every id with 0 and with the "
            + size
            + " rows of the embedding matrix before anything runs; an id is never clamped, wrapped"
            + " or embedded as zeros");
    for (int id : new int[] {-1, size, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      String found = answer(trial.backend(), new int[] {0, 1}, new int[] {2, id});
      checks.holds("id " + id, found.isEmpty(), "expected InvalidRequestException, found " + found);
    }
  }

  /** What came of ids that must be refused; empty if they were, and as they should be. */
  private static String answer(Backend backend, int[]... ids) {
    try {
      return "embeddings " + embed(backend, ids).shape();
    } catch (InvalidRequestException e) {
      return "";
    } catch (RuntimeException e) {
      return e.toString();
    }
  }

  private static void rows(CheckContext trial, Checks checks) {
    checks.hint("look at how the ids are laid out: row after row, [B, S]");
    int[][] ids = {{1, 2, 3, 4}, {5, 6, 7, 8}, {4, 3, 2, 1}};
    List<HostTensor> alone = Arrays.stream(ids).map(row -> embed(trial.backend(), row)).toList();
    checks.pieces("rows", embed(trial.backend(), ids), HostTensors.join(alone, 0));
  }
}
