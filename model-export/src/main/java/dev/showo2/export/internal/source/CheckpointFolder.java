package dev.showo2.export.internal.source;

import dev.showo2.error.InvalidModelException;
import dev.showo2.export.ExportRequest;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.checkpoint.Checkpoints;
import dev.showo2.export.internal.architecture.CheckpointKind;
import dev.showo2.export.internal.checkpoint.ModelFolder;
import dev.showo2.export.internal.checkpoint.PartFile;
import dev.showo2.export.internal.checkpoint.TrainingFolder;
import dev.showo2.export.internal.checkpoint.UnwrappedWeights;
import dev.showo2.export.internal.io.JsonFile;
import dev.showo2.export.internal.io.Placeholder;
import dev.showo2.model.internal.JsonFields;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Locations of the parts of a checkpoint.
 *
 * @param name of the model: that of its folder
 * @param weights file of the model's weights, or their index
 * @param config {@code config.json}
 * @param arch {@code arch.json}, which only some checkpoints have
 */
record CheckpointFolder(
    String name,
    Path weights,
    Path vae,
    Path tokenizer,
    JsonFields config,
    Optional<JsonFields> arch) {

  /**
   * @throws InvalidModelException listing every part that is not there, or saying what the weights
   *     are where they are not those of a Show-o2 model
   */
  static CheckpointFolder locate(ExportRequest request) {
    ModelFolder model = ModelFolder.of(request.checkpoint());
    if (model.weights().isEmpty()) {
      TrainingFolder.sharded(model.path())
          .ifPresent(
              found -> {
                throw new InvalidModelException(
                    "no checkpoint in " + model.path() + " that can be read: " + found);
              });
    }
    Path tokenizer = PartFile.TOKENIZER.locate(request.tokenizer().orElse(model.path()));
    Path vae =
        request
            .vae()
            .map(CheckpointFolder::namedVae)
            .orElseGet(() -> PartFile.VAE.locate(model.path()));
    List<String> missing = missing(model, tokenizer, vae);
    if (!missing.isEmpty()) {
      throw new InvalidModelException(
          "the checkpoint " + model.path() + " lacks " + String.join(", and ", missing));
    }
    return new CheckpointFolder(
        model.name(),
        model.weights().orElseThrow(),
        vae,
        tokenizer,
        JsonFile.read(model.config()),
        JsonFile.readIfThere(model.path().resolve("arch.json")));
  }

  /**
   * A folder that was named for its VAE holds nothing else: its weights may have any usual name.
   */
  private static Path namedVae(Path named) {
    Path vae = PartFile.VAE.locate(named);
    return Files.isDirectory(vae) ? Checkpoints.find(vae).orElse(vae) : vae;
  }

  private static List<String> missing(ModelFolder model, Path tokenizer, Path vae) {
    List<String> missing = new ArrayList<>();
    if (!Files.isRegularFile(model.config())) {
      missing.add("config.json" + because(model.config()));
    }
    if (!Files.isRegularFile(tokenizer)) {
      missing.add(
          "the tokenizer at "
              + (Files.isDirectory(tokenizer) ? tokenizer.resolve("tokenizer.json") : tokenizer)
              + " (for released models: tokenizer.json of the Qwen2.5-Instruct model that"
              + " config.json names)"
              + because(tokenizer));
    }
    if (!Files.isRegularFile(vae)) {
      missing.add(
          "the VAE, "
              + (Files.isDirectory(vae) ? "one of " + PartFile.VAE.names() + " in " + vae : vae)
              + " (for released models: Wan2.1_VAE.pth)"
              + because(vae));
    }
    if (model.weights().isEmpty()) {
      missing.add(
          "the weights, one of "
              + Checkpoints.fileNames()
              + TrainingFolder.explain(model.path()).map(found -> "; " + found).orElse(""));
    } else if (Placeholder.explain(model.weights().get()).isPresent()) {
      missing.add("the weights" + because(model.weights().get()));
    } else if (!missing.isEmpty()) {
      // Parts of another model would only be looked for in vain.
      requireModel(model.weights().get());
    }
    return missing;
  }

  private static String because(Path file) {
    return Placeholder.explain(file).map(explanation -> ": " + explanation).orElse("");
  }

  private static void requireModel(Path file) {
    try (CheckpointWeights weights = Checkpoints.open(file)) {
      CheckpointKind.SHOW_O2.require(file.toString(), UnwrappedWeights.unwrap(weights).names());
    }
  }
}
