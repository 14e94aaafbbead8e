package dev.showo2.export.inspect;

import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.checkpoint.Checkpoints;
import dev.showo2.export.internal.lora.AdapterDescription;
import dev.showo2.export.internal.lora.AdapterFiles;
import java.nio.file.Path;

/** Reads the descriptions of a LoRA adapter. */
final class AdapterInspector {

  private AdapterInspector() {}

  static AdapterInspection inspect(Path folder, String name) {
    AdapterFiles files = AdapterFiles.in(folder);
    AdapterDescription description = AdapterDescription.read(files);
    try (CheckpointWeights weights = Checkpoints.open(files.weights())) {
      return new AdapterInspection(
          folder,
          name,
          Folders.files(folder),
          WeightCount.of("adapter", weights),
          description.baseModel(),
          description.rank(),
          description.alpha(),
          description.targets());
    }
  }
}
