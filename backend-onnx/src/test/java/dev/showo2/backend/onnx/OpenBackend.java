package dev.showo2.backend.onnx;

import dev.showo2.model.Bundle;
import dev.showo2.pipeline.internal.LoadedModel;
import dev.showo2.spi.BackendConfig;
import dev.showo2.testing.OpenedBackend;
import dev.showo2.text.TextTokenizer;

/** A backend for a test, with its tokenizer; closing it fails if native values are left. */
record OpenBackend(Bundle bundle, OnnxBackend backend, TextTokenizer tokenizer)
    implements OpenedBackend {

  static OpenBackend open(Bundle bundle) {
    return open(bundle, BackendConfig.defaults());
  }

  static OpenBackend open(Bundle bundle, BackendConfig config) {
    return new OpenBackend(
        bundle,
        OnnxBackend.open(bundle, OnnxOptions.of(config)),
        TextTokenizer.load(bundle.tokenizer()));
  }

  LoadedModel model() {
    return new LoadedModel(bundle, OnnxBackendProvider.ID, backend, tokenizer);
  }

  @Override
  public void close() {
    long open = backend.openValues();
    try (tokenizer) {
      backend.close();
    }
    if (open != 0) {
      throw new AssertionError(open + " native values were left open");
    }
  }
}
