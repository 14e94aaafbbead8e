package dev.showo2.conformance.wrapper;

import dev.showo2.conformance.reference.ExportedModels.Models;
import dev.showo2.conformance.reference.ReferenceBackendProvider;
import dev.showo2.model.Bundle;
import dev.showo2.pipeline.LoadedModel;
import dev.showo2.spi.Backend;
import dev.showo2.spi.BackendConfig;
import dev.showo2.text.TextTokenizer;
import java.util.List;
import java.util.function.Function;

/** The checkpoint {@code tiny-a} on the reference backend, with an asserting one around it. */
record TinyModel(Bundle bundle, TextTokenizer tokenizer, AssertingBackend asserting)
    implements AutoCloseable {

  static TinyModel open(Models models) {
    Bundle bundle = models.bundle("tiny-a");
    Backend reference =
        new ReferenceBackendProvider().open(bundle, BackendConfig.builder().threads(1).build());
    return new TinyModel(
        bundle, TextTokenizer.load(bundle.tokenizer()), AssertingBackend.around(reference, bundle));
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
