package dev.showo2.pipeline;

import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.model.Architecture;
import dev.showo2.model.Bundle;
import dev.showo2.sequence.SequenceLayout;
import dev.showo2.spi.Backend;
import dev.showo2.stage.Stage;
import dev.showo2.text.ChatTemplate;
import dev.showo2.text.TextTokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * What pipelines work with: a bundle, the backend that runs it, and its tokenizer. Whoever opened
 * them closes them, after the last request.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param bundle that the backend was opened with
 * @param backendId names the backend in results
 * @param tokenizer of the bundle
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record LoadedModel(
    Bundle bundle, String backendId, Backend backend, TextTokenizer tokenizer) {

  public LoadedModel {
    Objects.requireNonNull(bundle, "bundle");
    Objects.requireNonNull(backendId, "backendId");
    Objects.requireNonNull(backend, "backend");
    Objects.requireNonNull(tokenizer, "tokenizer");
  }

  /** The sizes of the model. */
  public Architecture architecture() {
    return bundle.architecture();
  }

  /** How the sequences of this model are laid out. */
  public SequenceLayout layout() {
    return new SequenceLayout(bundle.manifest().specialTokens(), new ChatTemplate(tokenizer));
  }

  /** Fails before a request has cost anything if it would come to a stage that is not there. */
  void require(String task, Stage... stages) {
    List<String> missing =
        Arrays.stream(stages)
            .filter(stage -> !backend.capabilities().supports(stage))
            .map(Stage::id)
            .toList();
    if (!missing.isEmpty()) {
      throw new UnsupportedFeatureException(
          "the backend '"
              + backendId
              + "' cannot do "
              + task
              + " with this bundle: it lacks "
              + String.join(", ", missing)
              + "; export the checkpoint with these stages, or use another backend");
    }
  }
}
