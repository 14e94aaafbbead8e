package dev.showo2.export.internal.source;

import dev.showo2.export.ExportListener;
import dev.showo2.export.ExportRequest;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.checkpoint.Checkpoints;
import dev.showo2.export.internal.architecture.ArchitectureReader;
import dev.showo2.export.internal.architecture.QuantizationMarks;
import dev.showo2.export.internal.architecture.TiedMatrix;
import dev.showo2.export.internal.architecture.WanVaeNames;
import dev.showo2.export.internal.checkpoint.HubDigest;
import dev.showo2.export.internal.checkpoint.OpenedWeights;
import dev.showo2.export.internal.checkpoint.UnwrappedWeights;
import dev.showo2.export.internal.checkpoint.VaeConfig;
import dev.showo2.export.internal.io.TokenizerFile;
import dev.showo2.export.internal.lora.AdapterFiles;
import dev.showo2.export.internal.lora.Adapters;
import dev.showo2.export.internal.plan.ModelSource;
import dev.showo2.model.Architecture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
    verifyHashes(checkpoint, request.adapters(), listener);
    OpenedWeights opened = new OpenedWeights();
    try {
      CheckpointWeights stored =
          UnwrappedWeights.unwrap(
              opened.add(Checkpoints.open(checkpoint.weights())), listener::phase);
      QuantizationMarks.refuse(ArchitectureReader.MODEL, stored);
      CheckpointWeights model =
          opened.add(
              Adapters.merge(
                  new CheckedWeights(
                      ArchitectureReader.MODEL,
                      TiedMatrix.complete(stored, checkpoint.arch()),
                      request.zeroWeightsAccepted()),
                  request.adapters(),
                  checkpoint.arch(),
                  listener::phase));
      CheckpointWeights vae =
          new CheckedWeights(
              ArchitectureReader.VAE,
              WanVaeNames.original(
                  UnwrappedWeights.unwrap(
                      opened.add(Checkpoints.open(checkpoint.vae())), listener::phase)),
              request.zeroWeightsAccepted());
      Architecture architecture =
          ArchitectureReader.read(
              model,
              Optional.of(vae),
              checkpoint.config(),
              checkpoint.arch(),
              VaeConfig.beside(checkpoint.vae()));
      TokenizerFile tokenizer = TokenizerFile.read(checkpoint.tokenizer(), architecture);
      int padding = architecture.backbone().vocabularySize() - tokenizer.tokens();
      if (padding > 0) {
        listener.phase(
            "the embedding matrix has "
                + padding
                + " rows without a token; they are never sampled");
      }
      return new ModelSource(
          checkpoint.name(),
          architecture,
          model,
          vae,
          checkpoint.tokenizer(),
          tokenizer,
          CheckpointDefaults.of(architecture, checkpoint.arch()));
    } catch (RuntimeException | Error e) {
      opened.closeAfter(e);
      throw e;
    }
  }

  private static void verifyHashes(
      CheckpointFolder checkpoint, List<Path> adapters, ExportListener listener) {
    List<Path> files = new ArrayList<>();
    for (Path weights : List.of(checkpoint.weights(), checkpoint.vae())) {
      files.addAll(Checkpoints.files(weights));
    }
    files.add(checkpoint.tokenizer());
    for (Path adapter : adapters) {
      files.add(AdapterFiles.in(adapter).weights());
    }
    files.stream()
        .filter(Files::isRegularFile)
        .forEach(file -> HubDigest.verify(file, listener::phase));
  }
}
