package dev.showo2.backend.djl;

import dev.showo2.model.Bundle;
import dev.showo2.pipeline.internal.LoadedModel;
import dev.showo2.spi.BackendConfig;
import dev.showo2.testing.OpenedBackend;
import dev.showo2.text.TextTokenizer;

/** A backend for a test, with its tokenizer; closing it fails if resources are left open. */
record OpenDjl(Bundle bundle, DjlBackend backend, TextTokenizer tokenizer)
    implements OpenedBackend {

  static OpenDjl open(Bundle bundle) {
    return open(bundle, BackendConfig.defaults());
  }

  static OpenDjl open(Bundle bundle, BackendConfig config) {
    return new OpenDjl(
        bundle,
        DjlBackend.open(bundle, DjlOptions.of(config)),
        TextTokenizer.load(bundle.tokenizer()));
  }

  LoadedModel model() {
    return new LoadedModel(bundle, DjlBackendProvider.ID, backend, tokenizer);
  }

  @Override
  public void close() {
    long open = backend.lifetime().openResources();
    try (tokenizer) {
      backend.close();
    }
    if (open != 0) {
      throw new AssertionError(open + " resources were left open");
    }
  }
}
