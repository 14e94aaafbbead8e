package dev.showo2.conformance.internal.check.stage;

import dev.showo2.conformance.internal.check.Check;
import dev.showo2.conformance.internal.check.CheckContext;
import dev.showo2.conformance.internal.check.Inputs;
import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.compare.Checks.Within;
import dev.showo2.conformance.internal.compare.HostTensors;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.error.InvalidRequestException;
import dev.showo2.model.Architecture;
import dev.showo2.spi.Backend;
import dev.showo2.stage.LanguageHeadRequest;
import dev.showo2.stage.Stage;
import dev.showo2.stage.TextEmbeddingRequest;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apiguardian.api.API;

/** Checks of chapter L, the text embedding and the language head. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class TextChecks {

  private static final int LENGTH = 4;

  private TextChecks() {}

  /** All checks of the chapter. */
  public static List<Check> all() {
    return List.of(
        Check.of(Rule.L01, "every-id", TextChecks::l01EveryId, Stage.TEXT_EMBEDDING),
        Check.of(Rule.L01, "ids-that-come-again", TextChecks::l01RepeatedIds, Stage.TEXT_EMBEDDING),
        Check.of(Rule.L02, "given-hidden-states", TextChecks::l02Logits, Stage.LANGUAGE_HEAD),
        Check.of(
            Rule.L03,
            "last-position",
            (context, checks) -> l03LastOnly(context, checks, LENGTH),
            Stage.LANGUAGE_HEAD),
        Check.of(
            Rule.L03,
            "only-position",
            (context, checks) -> l03LastOnly(context, checks, 1),
            Stage.LANGUAGE_HEAD),
        Check.of(
            Rule.L04,
            "ids-outside-the-vocabulary",
            TextChecks::l04UnknownIds,
            Stage.TEXT_EMBEDDING),
        Check.of(Rule.L05, "embeddings", TextChecks::l05RowsOfIds, Stage.TEXT_EMBEDDING),
        Check.of(
            Rule.L05,
            "logits",
            (context, checks) -> l05RowsOfLogits(false, context, checks),
            Stage.LANGUAGE_HEAD),
        Check.of(
            Rule.L05,
            "last-logits",
            (context, checks) -> l05RowsOfLogits(true, context, checks),
            Stage.LANGUAGE_HEAD));
  }

  private static int vocabulary(CheckContext context) {
    return context.bundle().architecture().backbone().vocabularySize();
  }

  private static HostTensor embed(Backend backend, int[]... ids) {
    try (Tensor embeddings = backend.textEmbedding().embed(TextEmbeddingRequest.of(ids))) {
      return embeddings.toHost();
    }
  }

  private static void l01EveryId(CheckContext context, Checks checks) {
    compareIds(context, checks, IntStream.range(0, vocabulary(context)).toArray());
  }

  private static void l01RepeatedIds(CheckContext context, Checks checks) {
    int last = vocabulary(context) - 1;
    compareIds(context, checks, last, 7, 7, 0, last, 0, 7);
  }

  private static void compareIds(CheckContext context, Checks checks, int... ids) {
    checks.hint(
        "position i of the result is row ids[i] of the embedding matrix as it is stored in the"
            + " checkpoint, neither scaled nor sorted, with the last row in it");
    checks.compare(
        "embeddings", embed(context.backend(), ids), embed(context.reference(), ids), Within.STAGE);
  }

  private static void l04UnknownIds(CheckContext context, Checks checks) {
    int size = vocabulary(context);
    checks.hint(
        "compare every id with 0 and with the "
            + size
            + " rows of the embedding matrix before anything runs; an id is never clamped, wrapped"
            + " or embedded as zeros");
    for (int id : new int[] {-1, size, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      String found = answer(context.backend(), new int[] {0, 1}, new int[] {2, id});
      checks.require(
          "id " + id, found.isEmpty(), "expected InvalidRequestException, found " + found);
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

  private static void l05RowsOfIds(CheckContext context, Checks checks) {
    checks.hint("look at how the ids are laid out: row after row, [B, S]");
    int[][] ids = {{1, 2, 3, 4}, {5, 6, 7, 8}, {4, 3, 2, 1}};
    List<HostTensor> alone = Arrays.stream(ids).map(row -> embed(context.backend(), row)).toList();
    checks.compare(
        "rows", embed(context.backend(), ids), HostTensors.join(alone, 0), Within.PIECES);
  }

  private static HostTensor hidden(CheckContext context, int batch, int length) {
    return Inputs.normal(1, batch, length, context.bundle().architecture().backbone().hiddenSize());
  }

  private static HostTensor logits(Backend backend, HostTensor hidden, boolean lastOnly) {
    try (Tensor input = backend.upload(hidden);
        Tensor logits = backend.languageHead().logits(LanguageHeadRequest.of(input, lastOnly))) {
      return logits.toHost();
    }
  }

  private static void l02Logits(CheckContext context, Checks checks) {
    Architecture.Decoder backbone = context.bundle().architecture().backbone();
    checks.hint(
        "look at the matrix: this checkpoint's is "
            + (backbone.tiedEmbeddings()
                ? "the embedding matrix (tied)"
                : "showo.lm_head.weight (not tied to the embeddings)")
            + ", [V, D], without a bias; the final norm is the backbone's and is not repeated");
    HostTensor hidden = hidden(context, 1, LENGTH);
    checks.compare(
        "logits",
        logits(context.backend(), hidden, false),
        logits(context.reference(), hidden, false),
        Within.STAGE);
  }

  private static void l03LastOnly(CheckContext context, Checks checks, int length) {
    checks.hint("with lastOnly the logits of position S - 1 of every row are wanted, as [B, 1, V]");
    HostTensor hidden = hidden(context, 2, length);
    HostTensor all = logits(context.backend(), hidden, false);
    checks.compare(
        "logits",
        logits(context.backend(), hidden, true),
        HostTensors.slice(all, 1, length - 1, 1),
        Within.PIECES);
  }

  private static void l05RowsOfLogits(boolean lastOnly, CheckContext context, Checks checks) {
    checks.hint("look at where batch and positions are folded into one axis and unfolded again");
    BatchRows.compare(
        checks, hidden(context, 3, LENGTH), hidden -> logits(context.backend(), hidden, lastOnly));
  }
}
