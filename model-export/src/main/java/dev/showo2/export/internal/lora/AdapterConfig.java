package dev.showo2.export.internal.lora;

import dev.showo2.model.internal.JsonFields;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Settings of {@code adapter_config.json} that decide about the merged values. Which modules are
 * adapted is not taken from here: the tensors say that.
 */
record AdapterConfig(
    AdapterDescription description,
    ModulePatterns ranks,
    ModulePatterns alphas,
    TrainedTokenRows tokenRows,
    Optional<String> bias,
    boolean rankStabilised,
    boolean dora) {

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
          "use_bdlora",
          "use_qalora",
          "velora_config");

  /** Ways to begin training that leave the weights of the model as they are. */
  private static final Set<String> HARMLESS_STARTS =
      Set.of("true", "false", "\"gaussian\"", "\"eva\"", "\"mica\"", "\"orthogonal\"");

  private static final Set<String> ABSENT = Set.of("false", "[]", "{}");

  /**
   * @throws dev.showo2.error.InvalidModelException if the adapter is not one that is merged
   */
  static AdapterConfig read(AdapterFiles files) {
    JsonFields json = AdapterDescription.json(files);
    AdapterDescription description = AdapterDescription.of(json);
    requirePlain(json);
    return new AdapterConfig(
        description,
        ModulePatterns.read(
            json,
            "rank_pattern",
            (ranks, name) -> (double) ranks.integer(name, 1, AdapterDescription.MAX_RANK)),
        ModulePatterns.read(json, "alpha_pattern", JsonFields::number),
        TrainedTokenRows.read(json),
        json.optionalString("bias"),
        flag(json, "use_rslora"),
        flag(json, "use_dora"));
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

  /**
   * @param module path of the module in the model that was trained
   * @param trained the same with the names of torch's wrappers in it, if it was wrapped
   */
  int rankOf(String module, String trained) {
    return (int) valueFor(ranks, module, trained).orElse(description.rank());
  }

  private static OptionalDouble valueFor(ModulePatterns patterns, String module, String trained) {
    OptionalDouble value = patterns.valueFor(trained);
    return value.isPresent() ? value : patterns.valueFor(module);
  }

  /** What the product of a module's factors is multiplied with. */
  double scaleOf(String module, String trained) {
    double own = valueFor(alphas, module, trained).orElse(description.alpha());
    int divisor = rankOf(module, trained);
    return rankStabilised ? own / Math.sqrt(divisor) : own / divisor;
  }
}
