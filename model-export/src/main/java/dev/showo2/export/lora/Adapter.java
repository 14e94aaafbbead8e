package dev.showo2.export.lora;

import dev.showo2.export.checkpoint.Checkpoints;
import dev.showo2.export.checkpoint.Weights;
import java.nio.file.Path;

/**
 * The opened folder of an adapter.
 *
 * @param name of the folder
 * @param tensors to be closed by whoever opened it
 */
record Adapter(String name, AdapterConfig config, Weights tensors) {

  static Adapter open(Path folder) {
    AdapterFiles files = AdapterFiles.in(folder);
    Path name = folder.toAbsolutePath().normalize().getFileName();
    return new Adapter(
        name == null ? folder.toString() : name.toString(),
        AdapterConfig.read(files),
        Checkpoints.open(files.weights()));
  }
}
