package dev.showo2.export.internal.checkpoint;

import dev.showo2.error.InvalidModelException;
import dev.showo2.export.checkpoint.Checkpoints;
import dev.showo2.export.internal.io.Placeholder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * Locations of a model's files, found from the path that was named: a folder with them, a folder of
 * Hugging Face's cache, a {@code checkpoint-N} of the official training scripts, which keep the
 * model in {@code unwrapped_model}, or the weights themselves.
 *
 * @param path of the folder
 * @param weights file or index; empty if the folder holds none
 * @param name of the model: that of its folder, or of its repository
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public record ModelFolder(Path path, Optional<Path> weights, String name) {

  private static final String UNWRAPPED = "unwrapped_model";
  private static final String CONFIG = "config.json";

  /**
   * @throws InvalidModelException if nothing is there, or a LoRA adapter
   */
  public static ModelFolder of(Path named) {
    Placeholder.refuse(named);
    if (Files.isRegularFile(named)) {
      Path folder = named.toAbsolutePath().getParent();
      return new ModelFolder(folder, Optional.of(named), name(folder));
    }
    if (!Files.isDirectory(named)) {
      throw new InvalidModelException("no checkpoint folder at " + named);
    }
    Path folder = resolve(named);
    refuseAdapter(folder);
    return new ModelFolder(folder, Checkpoints.find(folder), name(folder));
  }

  /**
   * The folder that holds the files of the one that was named; a file as it is.
   *
   * @throws InvalidModelException if it cannot be told which snapshot of a cache is meant
   */
  public static Path resolve(Path named) {
    Path folder = HubCache.resolve(named);
    Path unwrapped = folder.resolve(UNWRAPPED);
    return Files.notExists(folder.resolve(CONFIG)) && Files.isRegularFile(unwrapped.resolve(CONFIG))
        ? unwrapped
        : folder;
  }

  /** Where {@code config.json} is, or should be. */
  public Path config() {
    return path.resolve(CONFIG);
  }

  private static void refuseAdapter(Path folder) {
    Path adapter = folder.resolve("adapter_config.json");
    if (Files.exists(adapter) && Files.notExists(folder.resolve(CONFIG))) {
      throw new InvalidModelException(
          folder
              + " holds a LoRA adapter (adapter_config.json), not a model; name its base model as"
              + " the checkpoint and merge the adapter into it with --lora");
    }
  }

  private static String name(Path folder) {
    Path whole = folder.toAbsolutePath().normalize();
    Path named = whole.endsWith(UNWRAPPED) ? whole.getParent() : whole;
    return HubCache.repository(named)
        .map(repository -> repository.substring(repository.lastIndexOf('/') + 1))
        .or(() -> Optional.ofNullable(named.getFileName()).map(Path::toString))
        .orElse("show-o2");
  }
}
