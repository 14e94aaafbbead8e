package dev.showo2.export.internal.source;

import dev.showo2.export.ExportListener;
import dev.showo2.export.ExportRequest;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.checkpoint.Checkpoints;
import dev.showo2.export.internal.architecture.ArchitectureReader;
import dev.showo2.export.internal.architecture.QuantizationMarks;
import dev.showo2.export.internal.checkpoint.OpenedWeights;
import dev.showo2.export.internal.checkpoint.UnprefixedWeights;
import dev.showo2.export.internal.checkpoint.WrapperPrefix;
import dev.showo2.export.internal.io.TokenizerFile;
import dev.showo2.export.internal.lora.Adapters;
import dev.showo2.export.internal.plan.ModelSource;
import dev.showo2.model.Architecture;
import org.apiguardian.api.API;

/** A checkpoint in the released format to export. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class CheckpointSource {

  private CheckpointSource() {}

  /**
   * @throws dev.showo2.error.InvalidModelException if it is incomplete, damaged or unsupported
   */
  public static ModelSource open(ExportRequest request, ExportListener listener) {
    CheckpointFolder checkpoint = CheckpointFolder.locate(request);
    OpenedWeights opened = new OpenedWeights();
    try {
      CheckpointWeights stored =
          unwrapped(opened.add(Checkpoints.open(checkpoint.weights())), listener);
      QuantizationMarks.refuse(ArchitectureReader.MODEL, stored);
      CheckpointWeights model =
          opened.add(
              Adapters.merge(stored, request.adapters(), checkpoint.arch(), listener::phase));
      CheckpointWeights vae = unwrapped(opened.add(Checkpoints.open(checkpoint.vae())), listener);
      Architecture architecture =
          ArchitectureReader.read(model, vae, checkpoint.config(), checkpoint.arch());
      return new ModelSource(
          checkpoint.name(),
          architecture,
          model,
          vae,
          checkpoint.tokenizer(),
          TokenizerFile.read(checkpoint.tokenizer(), architecture),
          CheckpointDefaults.of(architecture, checkpoint.arch()));
    } catch (RuntimeException | Error e) {
      opened.closeAfter(e);
      throw e;
    }
  }

  private static CheckpointWeights unwrapped(CheckpointWeights stored, ExportListener listener) {
    String prefix = WrapperPrefix.common(stored.names());
    if (prefix.isEmpty()) {
      return stored;
    }
    listener.phase("leaving out '" + prefix + "', with which every key starts");
    return new UnprefixedWeights(stored, prefix);
  }
}
