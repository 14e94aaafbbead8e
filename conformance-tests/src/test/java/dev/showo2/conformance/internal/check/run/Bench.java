package dev.showo2.conformance.internal.check.run;

import dev.showo2.conformance.internal.check.Check;
import dev.showo2.conformance.internal.check.CheckContext;
import dev.showo2.conformance.internal.golden.pass.LoadedBackend;
import dev.showo2.conformance.reference.ExportedModels.Models;
import dev.showo2.conformance.report.Outcome;
import dev.showo2.model.Bundle;
import dev.showo2.model.Precision;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.BackendProvider;

/** A backend of some provider on {@code tiny-a}, for checks to run on. */
record Bench(CheckContext context) implements AutoCloseable {

  static Bench on(Models models, BackendProvider provider) {
    Bundle bundle = models.bundle("tiny-a");
    BackendConfig config = BackendConfig.defaults();
    LoadedBackend subject = new LoadedBackend(bundle, provider.open(bundle, config));
    return new Bench(new CheckContext(provider, config, subject, () -> subject));
  }

  Outcome run(Check check) {
    return new CheckRunner(Precision.FP32).run(check, "tiny-a", context);
  }

  @Override
  public void close() {
    context.tested().close();
    context.backend().close();
  }
}
