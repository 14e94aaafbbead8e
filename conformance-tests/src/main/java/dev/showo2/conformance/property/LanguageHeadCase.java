package dev.showo2.conformance.property;

import dev.showo2.stage.LanguageHeadRequest;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.Tensor;

/** All positions, and the last one alone. */
record LanguageHeadCase(int batch, int length) implements StageCase {

  @Override
  public void run(StageRun run) {
    if (run.compares(Stage.LANGUAGE_HEAD)) {
      try (Tensor hidden = run.noise(batch, length, run.sizes().backbone().hiddenSize())) {
        run.keep(
            "logits", run.backend().languageHead().logits(new LanguageHeadRequest(hidden, false)));
        run.keep(
            "last logits", run.backend().languageHead().logits(LanguageHeadRequest.last(hidden)));
      }
    }
  }
}
