package dev.showo2.conformance.internal.check;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.compare.HostTensors;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.model.Architecture;
import dev.showo2.spi.Backend;
import dev.showo2.stage.LanguageHeadRequest;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.util.List;

/** Hidden states to logits, with hidden states that no backbone computed. */
final class Logits {

  private static final int LENGTH = 4;

  private Logits() {}

  static List<Check> checks() {
    return List.of(
        check(Rule.L02, "given-hidden-states", Logits::given),
        check(Rule.L03, "last-position", Logits::last),
        check(Rule.L03, "only-position", Logits::only),
        check(Rule.L05, "logits", (trial, checks) -> rows(false, trial, checks)),
        check(Rule.L05, "last-logits", (trial, checks) -> rows(true, trial, checks)));
  }

  private static Check check(Rule rule, String name, Experiment experiment) {
    return Check.of(rule, name, experiment, Stage.LANGUAGE_HEAD);
  }

  private static HostTensor hidden(CheckContext trial, int batch, int length) {
    return Inputs.normal(1, batch, length, trial.bundle().architecture().backbone().hiddenSize());
  }

  private static HostTensor logits(Backend backend, HostTensor hidden, boolean lastOnly) {
    try (Tensor input = backend.upload(hidden);
        Tensor logits = backend.languageHead().logits(new LanguageHeadRequest(input, lastOnly))) {
      return logits.toHost();
    }
  }

  private static void given(CheckContext trial, Checks checks) {
    Architecture.Decoder backbone = trial.bundle().architecture().backbone();
    checks.hint(
        "look at the matrix: this checkpoint's is "
            + (backbone.tiedEmbeddings()
                ? "the embedding matrix (tied)"
                : "showo.lm_head.weight (not tied to the embeddings)")
            + ", [V, D], without a bias; the final norm is the backbone's and is not repeated");
    HostTensor hidden = hidden(trial, 1, LENGTH);
    checks.stage(
        "logits", logits(trial.backend(), hidden, false), logits(trial.reference(), hidden, false));
  }

  private static void last(CheckContext trial, Checks checks) {
    lastOnly(trial, checks, LENGTH);
  }

  private static void only(CheckContext trial, Checks checks) {
    lastOnly(trial, checks, 1);
  }

  private static void lastOnly(CheckContext trial, Checks checks, int length) {
    checks.hint("with lastOnly the logits of position S - 1 of every row are wanted, as [B, 1, V]");
    HostTensor hidden = hidden(trial, 2, length);
    HostTensor all = logits(trial.backend(), hidden, false);
    checks.pieces(
        "logits", logits(trial.backend(), hidden, true), HostTensors.slice(all, 1, length - 1, 1));
  }

  private static void rows(boolean lastOnly, CheckContext trial, Checks checks) {
    checks.hint("look at where batch and positions are folded into one axis and unfolded again");
    EachRow.compare(
        checks, hidden(trial, 3, LENGTH), hidden -> logits(trial.backend(), hidden, lastOnly));
  }
}
