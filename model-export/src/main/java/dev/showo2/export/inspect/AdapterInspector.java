package dev.showo2.export.inspect;

import dev.showo2.export.checkpoint.Checkpoints;
import dev.showo2.export.checkpoint.Weights;
import dev.showo2.model.JsonFields;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Reads the descriptions of a LoRA adapter. */
final class AdapterInspector {

  private static final String CONFIG = "adapter_config.json";
  private static final int MAX_RANK = 1 << 16;

  private AdapterInspector() {}

  static boolean isOne(Path folder) {
    return Files.isRegularFile(folder.resolve(CONFIG));
  }

  static AdapterInspection inspect(Path folder, String name) {
    JsonFields config = Folders.json(folder.resolve(CONFIG), Set.of()).orElseThrow();
    Path safetensors = folder.resolve("adapter_model.safetensors");
    Path file = Files.exists(safetensors) ? safetensors : folder.resolve("adapter_model.bin");
    try (Weights weights = Checkpoints.open(file)) {
      return new AdapterInspection(
          folder,
          name,
          Folders.files(folder),
          WeightCount.of("adapter", weights),
          config.optionalString("base_model_name_or_path"),
          config.integer("r", 1, MAX_RANK),
          config.number("lora_alpha"),
          targets(config));
    }
  }

  /** A list of names, or a single name or pattern. */
  private static List<String> targets(JsonFields config) {
    return config.has("target_modules") && config.text("target_modules").startsWith("[")
        ? config.strings("target_modules")
        : List.of(config.string("target_modules"));
  }
}
