package dev.showo2.export.internal.lora;

import dev.showo2.export.internal.io.JsonFile;
import dev.showo2.model.internal.JsonFields;
import java.util.List;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * Settings of {@code adapter_config.json} of any LoRA adapter, also of unsupported ones.
 *
 * @param baseModel the model that the adapter was trained on, as whoever trained it called it
 * @param targets names, or the one pattern, of the adapted modules; empty if it does not say
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public record AdapterDescription(
    int rank, double alpha, Optional<String> baseModel, List<String> targets) {

  /** More than the widest layer of a released model would gain from. */
  static final int MAX_RANK = 4096;

  /** Those of adapters for every layer of large models have 30 kB. */
  private static final int MAX_BYTES = 1 << 20;

  private static final String TARGETS = "target_modules";

  public AdapterDescription {
    targets = List.copyOf(targets);
  }

  /**
   * @throws dev.showo2.error.InvalidModelException if the file is damaged, or not about LoRA
   */
  public static AdapterDescription read(AdapterFiles files) {
    return of(json(files));
  }

  static JsonFields json(AdapterFiles files) {
    return JsonFile.read(files.config(), MAX_BYTES);
  }

  static AdapterDescription of(JsonFields config) {
    if (!config.string("peft_type").equals("LORA")) {
      throw config.wrong("peft_type", "\"LORA\", the only kind of adapter that is merged");
    }
    return new AdapterDescription(
        config.integer("r", 1, MAX_RANK),
        config.number("lora_alpha"),
        config.optionalString("base_model_name_or_path"),
        targets(config));
  }

  private static List<String> targets(JsonFields config) {
    if (!config.has(TARGETS)) {
      return List.of();
    }
    return config.text(TARGETS).startsWith("[")
        ? config.strings(TARGETS)
        : List.of(config.string(TARGETS));
  }
}
