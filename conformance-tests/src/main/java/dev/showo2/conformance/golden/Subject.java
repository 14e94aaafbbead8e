package dev.showo2.conformance.golden;

import dev.showo2.model.Bundle;
import dev.showo2.pipeline.LoadedModel;
import dev.showo2.spi.Backend;
import dev.showo2.text.TextTokenizer;

/** What is tested. The tokenizer is loaded only when a case asks for it. */
final class Subject implements AutoCloseable {

  private final Bundle bundle;
  private final Backend backend;
  private TextTokenizer tokenizer;

  Subject(Bundle bundle, Backend backend) {
    this.bundle = bundle;
    this.backend = backend;
  }

  Bundle bundle() {
    return bundle;
  }

  Backend backend() {
    return backend;
  }

  /** For cases of whole pipelines. */
  LoadedModel model() {
    if (tokenizer == null) {
      tokenizer = TextTokenizer.load(bundle.tokenizer());
    }
    return new LoadedModel(bundle, "under test", backend, tokenizer);
  }

  @Override
  public void close() {
    if (tokenizer != null) {
      tokenizer.close();
    }
  }
}
