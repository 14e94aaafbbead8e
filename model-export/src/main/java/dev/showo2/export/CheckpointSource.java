package dev.showo2.export;

import dev.showo2.export.architecture.ArchitectureReader;
import dev.showo2.export.checkpoint.Checkpoints;
import dev.showo2.export.checkpoint.OpenedWeights;
import dev.showo2.export.checkpoint.UnprefixedWeights;
import dev.showo2.export.checkpoint.Weights;
import dev.showo2.export.checkpoint.WrapperPrefix;
import dev.showo2.export.lora.Adapters;
import dev.showo2.model.Architecture;

/** A checkpoint in the released format to export. */
final class CheckpointSource {

  private CheckpointSource() {}

  /**
   * @throws dev.showo2.error.InvalidModelException if it is incomplete, damaged or of another kind
   */
  static ModelSource open(ExportRequest request, ExportListener listener) {
    CheckpointFolder checkpoint = CheckpointFolder.locate(request);
    OpenedWeights opened = new OpenedWeights();
    try {
      Weights stored = unwrapped(opened.add(Checkpoints.open(checkpoint.weights())), listener);
      Weights model =
          opened.add(
              Adapters.merge(stored, request.adapters(), checkpoint.arch(), listener::phase));
      Weights vae = unwrapped(opened.add(Checkpoints.open(checkpoint.vae())), listener);
      Architecture architecture =
          ArchitectureReader.read(model, vae, checkpoint.config(), checkpoint.arch());
      return new ModelSource(
          checkpoint.name(),
          architecture,
          model,
          vae,
          checkpoint.tokenizer(),
          TokenizerFile.read(checkpoint.tokenizer(), architecture),
          Defaults.of(architecture, checkpoint.arch()));
    } catch (RuntimeException | Error e) {
      opened.closeAfter(e);
      throw e;
    }
  }

  private static Weights unwrapped(Weights stored, ExportListener listener) {
    String prefix = WrapperPrefix.common(stored.names());
    if (prefix.isEmpty()) {
      return stored;
    }
    listener.phase("leaving out '" + prefix + "', with which every key starts");
    return new UnprefixedWeights(stored, prefix);
  }
}
