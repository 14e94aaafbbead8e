package dev.showo2.samples.cli;

import dev.showo2.ShowO2;
import dev.showo2.model.Integrity;
import dev.showo2.samples.demo.DemoListener;
import dev.showo2.samples.demo.DemoModel;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.BackendProvider;
import dev.showo2.text.ControlTokens;
import dev.showo2.tiling.Tiling;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The model that is run, and the backend that runs it. */
final class ModelOptions extends BackendOptions {

  @Option(
      names = "--bundle",
      paramLabel = "DIR",
      description = "Bundle of the model; without it, the demo model that this program carries.")
  private Path bundle;

  @Option(
      names = "--tiling",
      paramLabel = "USE",
      defaultValue = "auto",
      description =
          "Draw large images in tiles: auto (once memory has run out), always or never. Default:"
              + " ${DEFAULT-VALUE}")
  private String tiling;

  @Option(
      names = "--control-tokens",
      paramLabel = "USE",
      defaultValue = "auto",
      description =
          "Tokens that are spelled out in texts, such as <|im_end|>: auto (text in questions,"
              + " recognized in prompts), text or recognized. Default: ${DEFAULT-VALUE}")
  private String controlTokens;

  /** Whether the model that this program carries is run. */
  boolean isDemo() {
    return bundle == null;
  }

  ShowO2 open(CliContext context) throws IOException {
    return open(bundle, context);
  }

  /**
   * Opens another model with the same backend and settings.
   *
   * @param from a bundle, or null for the demo model
   */
  ShowO2 open(Path from, CliContext context) throws IOException {
    BackendProvider provider = provider();
    BackendConfig config = config(provider);
    Tiling use = tiling();
    ControlTokens tokens = controlTokens();
    if (from != null) {
      InputPath.requireModel(from, "no bundle at", command());
    }
    ShowO2.Builder model =
        from == null
            // Compared byte by byte a moment ago.
            ? ShowO2.builder(demo(context)).integrity(Integrity.SIZES)
            : ShowO2.builder(from);
    return model.backend(provider.id()).config(config).tiling(use).controlTokens(tokens).open();
  }

  private Tiling tiling() {
    return switch (tiling) {
      case "auto" -> Tiling.AUTOMATIC;
      case "always" -> Tiling.ALWAYS;
      case "never" -> Tiling.NEVER;
      default ->
          throw refused("--tiling: one of auto, always, never is needed, found '" + tiling + "'");
    };
  }

  private ControlTokens controlTokens() {
    return switch (controlTokens) {
      case "auto" -> ControlTokens.TEXT_IN_QUESTIONS;
      case "text" -> ControlTokens.TEXT;
      case "recognized" -> ControlTokens.RECOGNIZED;
      default ->
          throw refused(
              "--control-tokens: one of auto, text, recognized is needed, found '"
                  + controlTokens
                  + "'");
    };
  }

  /** The bundle of the model that this program carries, made where it is not there yet. */
  static Path demo(CliContext context) throws IOException {
    try (ExportProgress progress = new ExportProgress(context)) {
      return DemoModel.bundle(
          context.demoCache().folder(),
          new DemoListener() {
            @Override
            public void note(String what) {
              context.note(what);
            }

            @Override
            public void progress(long done, long total) {
              progress.progress(done, total);
            }
          });
    }
  }
}
