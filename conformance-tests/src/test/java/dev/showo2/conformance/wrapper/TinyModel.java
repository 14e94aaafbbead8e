package dev.showo2.conformance.wrapper;

import dev.showo2.conformance.reference.ExportedModels.Models;
import dev.showo2.conformance.reference.ReferenceBackendProvider;
import dev.showo2.model.Bundle;
import dev.showo2.pipeline.internal.LoadedModel;
import dev.showo2.spi.Backend;
import dev.showo2.spi.BackendConfig;
import dev.showo2.testing.FakeBackend;
import dev.showo2.text.TextTokenizer;
import java.util.List;
import java.util.function.Function;

/** The checkpoint {@code tiny-a} on a backend with an asserting one around it. */
record TinyModel(Bundle bundle, TextTokenizer tokenizer, AssertingBackend asserting)
    implements AutoCloseable {

  static TinyModel reference(Models models) {
    Bundle bundle = models.bundle("tiny-a");
    return on(bundle, new ReferenceBackendProvider().open(bundle, BackendConfig.defaults()));
  }

  /** The same on a backend that computes next to nothing, in no time. */
  static TinyModel zeros(Models models) {
    Bundle bundle = models.bundle("tiny-a");
    return on(bundle, FakeBackend.of(bundle.architecture()));
  }

  private static TinyModel on(Bundle bundle, Backend backend) {
    return new TinyModel(
        bundle, TextTokenizer.load(bundle.tokenizer()), AssertingBackend.around(backend, bundle));
  }

  /** What a request gives on a backend that is around the asserting one. */
  List<?> run(Function<LoadedModel, List<?>> request, Backend backend) {
    return request.apply(new LoadedModel(bundle, "tiny", backend, tokenizer));
  }

  /** Fails if a request left anything open. */
  @Override
  public void close() {
    try (tokenizer) {
      asserting.close();
    }
  }
}
