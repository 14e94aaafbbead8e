package dev.showo2.pipeline;

import dev.showo2.model.Architecture;
import dev.showo2.model.Bundle;
import dev.showo2.sequence.SequenceLayout;
import dev.showo2.spi.Backend;
import dev.showo2.text.ChatTemplate;
import dev.showo2.text.TextTokenizer;
import org.apiguardian.api.API;

/**
 * What pipelines work with: a bundle, the backend that runs it, and its tokenizer. Whoever opened
 * them closes them, after the last request.
 *
 * @param backendId names the backend in results
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record LoadedModel(
    Bundle bundle, String backendId, Backend backend, TextTokenizer tokenizer) {

  public Architecture architecture() {
    return bundle.architecture();
  }

  /** How the sequences of this model are laid out. */
  public SequenceLayout layout() {
    return new SequenceLayout(bundle.manifest().specialTokens(), new ChatTemplate(tokenizer));
  }
}
