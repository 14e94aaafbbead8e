package dev.showo2.export.lora;

import dev.showo2.error.InvalidModelException;
import dev.showo2.model.JsonFields;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What of {@code adapter_config.json} decides about the merged values. Which modules are adapted is
 * not read here: the tensors say that.
 *
 * @param baseModel the model that the adapter was trained on, as whoever trained it called it
 */
record AdapterConfig(
    int rank,
    double alpha,
    ModulePatterns ranks,
    ModulePatterns alphas,
    boolean rankStabilised,
    boolean dora,
    Optional<String> baseModel) {

  /** Those of adapters for every layer of large models have 30 kB. */
  private static final long MAX_BYTES = 1 << 20;

  /** More than the widest layer of a released model would gain from. */
  private static final int MAX_RANK = 4096;

  /** Variants whose tensors mean something else, or whose effect is no fixed change of weights. */
  private static final List<String> VARIANTS =
      List.of(
          "fan_in_fan_out",
          "alora_invocation_tokens",
          "arrow_config",
          "kasa_config",
          "layer_replication",
          "monteclora_config",
          "target_parameters",
          "trainable_token_indices",
          "use_bdlora",
          "use_qalora",
          "velora_config");

  /** Ways to begin training that leave the weights of the model as they are. */
  private static final Set<String> HARMLESS_STARTS =
      Set.of("true", "false", "\"gaussian\"", "\"eva\"", "\"orthogonal\"");

  private static final Set<String> ABSENT = Set.of("false", "[]", "{}");

  static AdapterConfig read(Path file) {
    JsonFields json = JsonFields.parse(text(file), file.toString());
    if (!json.string("peft_type").equals("LORA")) {
      throw json.wrong("peft_type", "\"LORA\", the only kind of adapter that is merged");
    }
    requirePlain(json);
    return new AdapterConfig(
        json.integer("r", 1, MAX_RANK),
        json.number("lora_alpha"),
        ModulePatterns.read(
            json, "rank_pattern", (ranks, name) -> (double) ranks.integer(name, 1, MAX_RANK)),
        ModulePatterns.read(json, "alpha_pattern", JsonFields::number),
        flag(json, "use_rslora"),
        flag(json, "use_dora"),
        json.optionalString("base_model_name_or_path"));
  }

  private static void requirePlain(JsonFields json) {
    for (String variant : VARIANTS) {
      if (json.has(variant) && !ABSENT.contains(json.text(variant))) {
        throw json.wrong(variant, "absent, adapters with it are not merged");
      }
    }
    if (json.has("init_lora_weights")
        && !HARMLESS_STARTS.contains(json.text("init_lora_weights"))) {
      throw json.wrong(
          "init_lora_weights",
          "one of "
              + HARMLESS_STARTS.stream().sorted().toList()
              + ", as others change the weights of the model before training; save the adapter"
              + " with path_initial_model_for_weight_conversion");
    }
    if (json.has("bias") && !Set.of("none", "all", "lora_only").contains(json.string("bias"))) {
      throw json.wrong("bias", "none, all or lora_only");
    }
  }

  private static boolean flag(JsonFields json, String name) {
    return json.has(name) && json.bool(name);
  }

  private static String text(Path file) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new InvalidModelException(
            file + " has " + Files.size(file) + " bytes, none is larger than " + MAX_BYTES);
      }
      return Files.readString(file);
    } catch (MalformedInputException e) {
      throw new InvalidModelException(file + " is not text in UTF-8", e);
    } catch (IOException e) {
      throw new InvalidModelException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  /**
   * @param module path of the module in the model that was trained
   */
  int rankOf(String module) {
    return (int) ranks.valueFor(module).orElse(rank);
  }

  /** What the product of a module's factors is multiplied with. */
  double scaleOf(String module) {
    double own = alphas.valueFor(module).orElse(alpha);
    int divisor = rankOf(module);
    return rankStabilised ? own / Math.sqrt(divisor) : own / divisor;
  }
}
