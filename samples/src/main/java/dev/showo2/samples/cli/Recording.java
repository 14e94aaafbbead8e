package dev.showo2.samples.cli;

import dev.showo2.conformance.golden.record.GoldenRecorder;
import dev.showo2.conformance.golden.record.RecordListener;
import dev.showo2.conformance.golden.record.RecordRequest;
import dev.showo2.conformance.golden.record.RecordSummary;
import dev.showo2.model.Bundle;
import dev.showo2.spi.Backend;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.BackendProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/** Records cases and says which one is being computed. */
final class Recording {

  static final long DEFAULT_SEED = 0;

  private Recording() {}

  /**
   * @param folder of the new cases; does not exist yet, or is empty
   * @param cases names of those to record
   */
  static RecordSummary run(
      Bundle bundle,
      BackendProvider provider,
      BackendConfig config,
      Path folder,
      long seed,
      Set<String> cases,
      CliContext context)
      throws IOException {
    try (Backend backend = provider.open(bundle, config)) {
      return GoldenRecorder.record(
          new RecordRequest(bundle, provider, backend, folder, seed, cases),
          listener(provider.id(), context));
    }
  }

  private static RecordListener listener(String backend, CliContext context) {
    return new RecordListener() {
      @Override
      public void recording(String name, int index, int count) {
        Interruption.check();
        context.note("computing " + name + " on " + backend + ", " + (index + 1) + " of " + count);
      }
    };
  }
}
