package dev.showo2.export.internal.lora;

import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.checkpoint.Checkpoints;
import java.nio.file.Path;

/**
 * The opened folder of an adapter.
 *
 * @param name of the folder
 * @param tensors to be closed by whoever opened it
 */
record Adapter(String name, AdapterConfig config, CheckpointWeights tensors) {

  static Adapter open(Path folder) {
    AdapterFiles files = AdapterFiles.in(folder);
    Path name = folder.toAbsolutePath().normalize().getFileName();
    return new Adapter(
        name == null ? folder.toString() : name.toString(),
        AdapterConfig.read(files),
        Checkpoints.open(files.weights()));
  }
}
