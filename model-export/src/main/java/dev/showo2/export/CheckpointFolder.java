package dev.showo2.export;

import dev.showo2.error.InvalidModelException;
import dev.showo2.export.architecture.CheckpointKind;
import dev.showo2.export.checkpoint.Checkpoints;
import dev.showo2.export.checkpoint.Placeholder;
import dev.showo2.export.checkpoint.UnprefixedWeights;
import dev.showo2.export.checkpoint.Weights;
import dev.showo2.export.checkpoint.WrapperPrefix;
import dev.showo2.model.JsonFields;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where the parts of a checkpoint lie.
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

  private static final List<String> VAE_NAMES =
      List.of("vae.pth", "Wan2.1_VAE.pth", "vae.safetensors", "Wan2.1_VAE.safetensors");

  private static final List<String> TOKENIZER_NAMES = List.of("tokenizer.json");

  private static final long MAX_JSON_BYTES = 16 << 20;

  /**
   * @throws InvalidModelException listing every part that is not there, or saying what the weights
   *     are where they are not those of a Show-o2 model
   */
  static CheckpointFolder locate(ExportRequest request) {
    ModelFolder model = ModelFolder.of(request.checkpoint());
    Path tokenizer = find(request.tokenizer().orElse(model.path()), TOKENIZER_NAMES);
    Path vae = find(request.vae().orElse(model.path()), VAE_NAMES);
    List<String> missing = missing(model, tokenizer, vae);
    if (!missing.isEmpty()) {
      throw new InvalidModelException(
          "the checkpoint " + model.path() + " lacks " + String.join(", and ", missing));
    }
    Path arch = model.path().resolve("arch.json");
    Placeholder.refuse(arch);
    return new CheckpointFolder(
        model.name(),
        model.weights().orElseThrow(),
        vae,
        tokenizer,
        json(model.config()),
        Files.isRegularFile(arch) ? Optional.of(json(arch)) : Optional.empty());
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
          "the autoencoder, "
              + (Files.isDirectory(vae) ? "one of " + VAE_NAMES + " in " + vae : vae)
              + " (for released models: Wan2.1_VAE.pth)"
              + because(vae));
    }
    if (model.weights().isEmpty()) {
      missing.add("the weights, one of " + Checkpoints.fileNames());
    } else if (Placeholder.explain(model.weights().get()).isPresent()) {
      missing.add("the weights" + because(model.weights().get()));
    } else if (!missing.isEmpty()) {
      // Parts of another model would only be looked for in vain.
      requireModel(model.weights().get());
    }
    return missing;
  }

  /** The file in a folder that was named, also one of Hugging Face's cache, or the file itself. */
  private static Path find(Path named, List<String> names) {
    if (!Files.isDirectory(named)) {
      return named;
    }
    Path folder = HubCache.resolve(named);
    List<Path> files = names.stream().map(folder::resolve).toList();
    return files.stream()
        .filter(Files::isRegularFile)
        .findFirst()
        .or(() -> files.stream().filter(Files::isSymbolicLink).findFirst())
        .orElse(folder);
  }

  private static String because(Path file) {
    return Placeholder.explain(file).map(explanation -> ": " + explanation).orElse("");
  }

  private static void requireModel(Path file) {
    try (Weights weights = Checkpoints.open(file)) {
      String prefix = WrapperPrefix.common(weights.names());
      CheckpointKind.SHOW_O2.require(
          file.toString(), new UnprefixedWeights(weights, prefix).names());
    }
  }

  private static JsonFields json(Path file) {
    Placeholder.refuse(file);
    try {
      if (Files.size(file) > MAX_JSON_BYTES) {
        throw new InvalidModelException(file + " is too large to be what its name says");
      }
      return JsonFields.parse(Files.readString(file), file.toString());
    } catch (MalformedInputException e) {
      throw new InvalidModelException(file + " is not text in UTF-8", e);
    } catch (IOException e) {
      throw new InvalidModelException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }
}
