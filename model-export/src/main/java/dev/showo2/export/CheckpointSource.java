package dev.showo2.export;

import dev.showo2.export.architecture.ArchitectureReader;
import dev.showo2.export.checkpoint.Checkpoints;
import dev.showo2.export.checkpoint.Weights;
import dev.showo2.model.Architecture;

/** A checkpoint in the released format to export. */
final class CheckpointSource {

  private CheckpointSource() {}

  /**
   * @throws dev.showo2.error.InvalidModelException if it is incomplete, damaged or of another kind
   */
  static ModelSource open(ExportRequest request) {
    CheckpointFolder checkpoint = CheckpointFolder.locate(request);
    OpenedWeights opened = new OpenedWeights();
    try {
      Weights model = opened.add(Checkpoints.open(checkpoint.weights()));
      Weights vae = opened.add(Checkpoints.open(checkpoint.vae()));
      Architecture architecture =
          ArchitectureReader.read(model, vae, checkpoint.config(), checkpoint.arch());
      return new ModelSource(
          checkpoint.name(),
          architecture,
          model,
          vae,
          TokenizerFile.read(checkpoint.tokenizer(), architecture),
          Defaults.of(architecture, checkpoint.arch()));
    } catch (RuntimeException | Error e) {
      opened.closeAfter(e);
      throw e;
    }
  }
}
