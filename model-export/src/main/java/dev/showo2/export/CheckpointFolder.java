package dev.showo2.export;

import dev.showo2.error.InvalidModelException;
import dev.showo2.export.checkpoint.Checkpoints;
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
 * @param weights folder that holds the model's weights
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

  private static final long MAX_JSON_BYTES = 16 << 20;

  /**
   * @throws InvalidModelException listing every part that is not there
   */
  static CheckpointFolder locate(ExportRequest request) {
    Path folder = request.checkpoint();
    if (!Files.isDirectory(folder)) {
      throw new InvalidModelException("no checkpoint folder at " + folder);
    }
    List<String> missing = new ArrayList<>();
    Path config = folder.resolve("config.json");
    if (!Files.isRegularFile(config)) {
      missing.add("config.json");
    }
    Path tokenizer = request.tokenizer().orElse(folder.resolve("tokenizer.json"));
    if (!Files.isRegularFile(tokenizer)) {
      missing.add(
          "the tokenizer at "
              + tokenizer
              + " (for released models: tokenizer.json of the Qwen2.5-Instruct model that"
              + " config.json names)");
    }
    if (Checkpoints.fileNames().stream().map(folder::resolve).noneMatch(Files::exists)) {
      missing.add("the weights, one of " + Checkpoints.fileNames());
    }
    Optional<Path> vae = request.vae().or(() -> first(folder, VAE_NAMES));
    if (vae.isEmpty() || !Files.isRegularFile(vae.get())) {
      missing.add(
          "the autoencoder, "
              + vae.map(Path::toString).orElse("one of " + VAE_NAMES)
              + " (for released models: Wan2.1_VAE.pth)");
    }
    if (!missing.isEmpty()) {
      throw new InvalidModelException(
          "the checkpoint " + folder + " lacks " + String.join(", and ", missing));
    }
    Path arch = folder.resolve("arch.json");
    return new CheckpointFolder(
        name(folder),
        folder,
        vae.orElseThrow(),
        tokenizer,
        json(config),
        Files.isRegularFile(arch) ? Optional.of(json(arch)) : Optional.empty());
  }

  private static String name(Path folder) {
    Path name = folder.toAbsolutePath().normalize().getFileName();
    return name == null ? "show-o2" : name.toString();
  }

  private static Optional<Path> first(Path folder, List<String> names) {
    return names.stream().map(folder::resolve).filter(Files::isRegularFile).findFirst();
  }

  private static JsonFields json(Path file) {
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
