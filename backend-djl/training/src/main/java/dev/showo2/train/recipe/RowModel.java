package dev.showo2.train.recipe;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.export.ExportListener;
import dev.showo2.export.ExportRequest;
import dev.showo2.export.internal.plan.ModelSource;
import dev.showo2.export.internal.source.CheckpointSource;
import dev.showo2.model.Architecture;
import dev.showo2.model.Bundle;
import dev.showo2.model.BundleManifest;
import dev.showo2.model.Integrity;
import dev.showo2.text.TextTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The part of a model on which rows depend: its sizes and its tokenizer.
 *
 * @param tokenizer closed with this
 */
record RowModel(Architecture architecture, TextTokenizer tokenizer) implements AutoCloseable {

  /** Opens a bundle, or the headers of a checkpoint, without its weights. */
  static RowModel open(TrainingConfig config) throws IOException {
    if (Files.isRegularFile(config.model().resolve(BundleManifest.FILE_NAME))) {
      Bundle bundle = Bundle.open(config.model(), Integrity.SIZES);
      return new RowModel(bundle.architecture(), TextTokenizer.load(bundle.tokenizer()));
    }
    if (!Files.isDirectory(config.model())) {
      throw new InvalidRequestException(
          "no checkpoint or bundle at " + config.model() + ", which 'model' names");
    }
    // Nothing is exported: the request says where the parts are.
    ExportRequest request =
        ExportRequest.of(config.model(), config.model(), config.vae(), config.tokenizer())
            .withZeroWeightsAccepted();
    try (ModelSource source = CheckpointSource.open(request, ExportListener.NONE)) {
      Path file = Files.createTempFile("showo2-tokenizer-", ".json");
      try {
        Files.write(file, source.tokenizer().bytes());
        return new RowModel(source.architecture(), TextTokenizer.load(file));
      } finally {
        Files.delete(file);
      }
    }
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
