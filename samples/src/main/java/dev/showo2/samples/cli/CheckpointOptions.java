package dev.showo2.samples.cli;

import dev.showo2.export.ExportRequest;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The parts of a checkpoint that may be elsewhere, as they are for the released models. */
final class CheckpointOptions {

  @Option(
      names = "--vae",
      paramLabel = "FILE",
      description = "VAE (Wan2.1_VAE.pth), if it is not in the checkpoint's folder.")
  private Path vae;

  @Option(
      names = "--tokenizer",
      paramLabel = "FILE",
      description = "tokenizer.json, if it is not in the checkpoint's folder.")
  private Path tokenizer;

  /** Whether a part is elsewhere. */
  boolean given() {
    return vae != null || tokenizer != null;
  }

  /**
   * @throws picocli.CommandLine.ParameterException if one that is named is not there
   */
  void requirePresent(CommandSpec command) {
    InputPath.require(Optional.ofNullable(vae), "--vae", command);
    InputPath.require(Optional.ofNullable(tokenizer), "--tokenizer", command);
  }

  ExportRequest request(Path checkpoint, Path bundle) {
    return ExportRequest.of(
        checkpoint, bundle, Optional.ofNullable(vae), Optional.ofNullable(tokenizer));
  }
}
