package dev.showo2.conformance.internal.golden.pass;

import dev.showo2.model.Bundle;
import dev.showo2.pipeline.internal.AsyncRequests;
import dev.showo2.pipeline.internal.LoadedModel;
import dev.showo2.spi.Backend;
import dev.showo2.text.ControlTokens;
import dev.showo2.text.TextTokenizer;
import org.apiguardian.api.API;

/**
 * A bundle and a backend on it. The tokenizer is loaded only when a case asks for it. For one
 * thread.
 */
@API(status = API.Status.INTERNAL)
public final class LoadedBackend implements AutoCloseable {

  private final Bundle bundle;
  private final Backend backend;
  private TextTokenizer tokenizer;

  /**
   * @param backend stays open
   */
  public LoadedBackend(Bundle bundle, Backend backend) {
    this.bundle = bundle;
    this.backend = backend;
  }

  public Bundle bundle() {
    return bundle;
  }

  public Backend backend() {
    return backend;
  }

  /** For cases of whole pipelines. */
  public LoadedModel model() {
    if (tokenizer == null) {
      tokenizer = TextTokenizer.load(bundle.tokenizer());
    }
    return new LoadedModel(
        bundle,
        "under test",
        backend,
        tokenizer,
        AsyncRequests.onOwnThread(),
        // As in the official code, which made the goldens.
        ControlTokens.RECOGNIZED);
  }

  @Override
  public void close() {
    if (tokenizer != null) {
      tokenizer.close();
    }
  }
}
