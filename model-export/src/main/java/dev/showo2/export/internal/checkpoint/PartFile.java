package dev.showo2.export.internal.checkpoint;

import dev.showo2.error.InvalidModelException;
import dev.showo2.export.checkpoint.Checkpoints;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apiguardian.api.API;

/** The parts of a checkpoint beside the model's weights, by the names that their files have. */
@API(status = API.Status.INTERNAL, since = "0.1")
public enum PartFile {
  /** The last three as ComfyUI and its extensions name it. */
  VAE(
      "vae.pth",
      "Wan2.1_VAE.pth",
      "vae.safetensors",
      "Wan2.1_VAE.safetensors",
      "wan_2.1_vae.safetensors",
      "Wan2_1_VAE_bf16.safetensors",
      "Wan2_1_VAE_fp32.safetensors"),
  TOKENIZER("tokenizer.json");

  private static final String SUBFOLDER = "vae";

  private final List<String> names;

  PartFile(String... names) {
    this.names = List.of(names);
  }

  /** The names, the preferred first. */
  public List<String> names() {
    return names;
  }

  /**
   * The part in a folder; a VAE also where the folder is that of diffusers' class, or has it as its
   * folder {@code vae}. Where there are only links without a target, the first of them, so that
   * opening it says so.
   */
  public Optional<Path> in(Path folder) {
    Optional<Path> named = first(folder, names);
    return this == VAE
        ? named.or(() -> diffusers(folder)).or(() -> inside(folder.resolve(SUBFOLDER)))
        : named;
  }

  private static Optional<Path> diffusers(Path folder) {
    return VaeConfig.isIn(folder) ? Checkpoints.find(folder) : Optional.empty();
  }

  private static Optional<Path> inside(Path folder) {
    return first(folder, VAE.names).or(() -> diffusers(folder));
  }

  /**
   * The part that was named: its file, or a folder with it, also one of Hugging Face's cache.
   *
   * @return the folder if it does not hold the part
   * @throws InvalidModelException if it cannot be told which folder of the cache is meant
   */
  public Path locate(Path named) {
    if (!Files.isDirectory(named)) {
      return named;
    }
    Path folder = HubCache.resolve(named);
    return in(folder).orElse(folder);
  }

  public static Optional<Path> first(Path folder, List<String> names) {
    List<Path> files = names.stream().map(folder::resolve).toList();
    return files.stream()
        .filter(Files::isRegularFile)
        .findFirst()
        .or(() -> files.stream().filter(Files::isSymbolicLink).findFirst());
  }
}
