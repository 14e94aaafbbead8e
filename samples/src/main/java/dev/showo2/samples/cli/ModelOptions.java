package dev.showo2.samples.cli;

import dev.showo2.ShowO2;
import dev.showo2.model.Integrity;
import dev.showo2.samples.demo.DemoListener;
import dev.showo2.samples.demo.DemoModel;
import dev.showo2.spi.BackendConfig;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which model is run, and what on. */
final class ModelOptions extends BackendOptions {

  @Option(
      names = "--bundle",
      paramLabel = "DIR",
      description = "Bundle of the model; without it, the demo model that this program carries.")
  private Path bundle;

  ShowO2 open(Surroundings surroundings) throws IOException {
    String backend = provider().id();
    BackendConfig config = config();
    ShowO2.Builder model =
        bundle == null
            // Compared byte by byte a moment ago.
            ? ShowO2.builder(demo(surroundings)).integrity(Integrity.SIZES)
            : ShowO2.builder(bundle);
    return model.backend(backend).config(config).open();
  }

  private static Path demo(Surroundings surroundings) throws IOException {
    try (ExportProgress progress = new ExportProgress(surroundings)) {
      return DemoModel.bundle(
          surroundings.demoCache().folder(),
          new DemoListener() {
            @Override
            public void note(String what) {
              surroundings.note(what);
            }

            @Override
            public void progress(long done, long total) {
              progress.progress(done, total);
            }
          });
    }
  }
}
