package dev.showo2.export.lora;

import dev.showo2.error.InvalidModelException;
import dev.showo2.export.checkpoint.Checkpoints;
import dev.showo2.export.checkpoint.Weights;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The opened folder of an adapter.
 *
 * @param name of the folder
 * @param tensors to be closed by whoever opened it
 */
record Adapter(String name, AdapterConfig config, Weights tensors) {

  private static final String CONFIG = "adapter_config.json";

  /** In the order in which PEFT prefers them. */
  private static final List<String> FILE_NAMES =
      List.of("adapter_model.safetensors", "adapter_model.bin");

  static Adapter open(Path folder) {
    Path config = folder.resolve(CONFIG);
    if (!Files.isRegularFile(config)) {
      throw new InvalidModelException(
          "no " + CONFIG + " in " + folder + "; the folder of an adapter is expected");
    }
    Path file =
        FILE_NAMES.stream()
            .map(folder::resolve)
            .filter(Files::isRegularFile)
            .findFirst()
            .orElseThrow(
                () ->
                    new InvalidModelException(
                        "no weights in the adapter " + folder + ", one of " + FILE_NAMES));
    Path name = folder.toAbsolutePath().normalize().getFileName();
    return new Adapter(
        name == null ? folder.toString() : name.toString(),
        AdapterConfig.read(config),
        Checkpoints.open(file));
  }
}
