package dev.showo2.train.recipe;

import dev.showo2.train.TrainedPart;
import dev.showo2.train.spi.AdamW;
import dev.showo2.train.spi.LoraRequest;
import dev.showo2.train.spi.ParameterGroup;
import dev.showo2.train.spi.TrainingRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The settings of a configuration that say which parameters are trained, and how.
 *
 * @param request groups, optimizer and adapter
 * @param name of what is trained, for the identity of a run
 * @param rates of the groups
 */
record TrainedSettings(TrainingRequest request, String name, List<Double> rates) {

  /**
   * @param taught whether the configuration has a teacher
   */
  static TrainedSettings of(ConfigSection root, boolean taught) {
    if (taught) {
      requireFitTeacher(root);
    }
    Optional<LoraRequest> lora = root.section("lora").map(TrainedSettings::lora);
    List<ConfigSection> custom = root.sections("groups");
    TrainedPart part =
        root.choice("train", TrainedPart.class)
            .orElse(
                taught
                    ? TrainedPart.SEMANTIC
                    : lora.isPresent() ? TrainedPart.ADAPTER : TrainedPart.STAGE_ONE);
    List<ParameterGroup> groups =
        custom.isEmpty() ? part.groups() : custom.stream().map(TrainedSettings::group).toList();
    if (!custom.isEmpty() && root.has("train")) {
      throw root.error("groups", "'groups' says what is trained already; leave out 'train'");
    }
    if (custom.isEmpty()) {
      requireTogether(root, part == TrainedPart.ADAPTER, lora.isPresent(), "adapter", "lora");
      requireTogether(root, part == TrainedPart.SEMANTIC, taught, "semantic", "teacher");
    }
    return new TrainedSettings(
        request(root, groups, lora),
        custom.isEmpty() ? part.key() : groups.toString(),
        rates(root, groups));
  }

  /** What has no effect on the loss of distillation. */
  private static void requireFitTeacher(ConfigSection root) {
    if (root.has("lora")) {
      throw root.error("lora", "with a teacher no adapter is trained; leave out 'lora'");
    }
    if (root.flag("activation-checkpointing", false)) {
      throw root.error(
          "activation-checkpointing",
          "with a teacher no layers are computed again; leave out 'activation-checkpointing'");
    }
  }

  private static void requireTogether(
      ConfigSection root, boolean trained, boolean given, String part, String section) {
    if (trained != given) {
      throw root.error(
          root.has("train") ? "train" : section,
          "'train: "
              + part
              + "' and the section '"
              + section
              + "' go together; give both or neither");
    }
  }

  private static ParameterGroup group(ConfigSection section) {
    ParameterGroup group =
        new ParameterGroup(
            section.requireText("name", "name: flow"),
            section.texts("including"),
            section.texts("excluding"));
    section.refuseOthers();
    return group;
  }

  private static List<Double> rates(ConfigSection root, List<ParameterGroup> groups) {
    String expected = "a rate of 0 or more, such as 1e-4";
    OptionalDouble rate = root.number("rate", value -> value >= 0 && value < 1e9, expected);
    Optional<ConfigSection> named = root.section("rates");
    if (rate.isPresent() == named.isPresent()) {
      throw root.error(
          "rates",
          "give 'rate', or 'rates' of "
              + String.join(", ", groups.stream().map(ParameterGroup::name).toList()));
    }
    List<Double> rates = new ArrayList<>();
    for (ParameterGroup group : groups) {
      rates.add(
          rate.isPresent()
              ? rate.getAsDouble()
              : named
                  .get()
                  .number(group.name(), value -> value >= 0 && value < 1e9, expected)
                  .orElseThrow(() -> named.get().missing(group.name(), group.name() + ": 1e-5")));
    }
    named.ifPresent(ConfigSection::refuseOthers);
    return rates;
  }

  private static LoraRequest lora(ConfigSection section) {
    LoraRequest lora =
        section.checked(
            () ->
                new LoraRequest(
                    (int) section.integer("rank", 16, 1, 1 << 16),
                    section.number("alpha", 32, value -> value > 0, "a number above 0"),
                    section.flag("rank-stabilized", false),
                    section.number(
                        "dropout", 0, value -> value >= 0 && value < 1, "a share below 1"),
                    section.texts("targets"),
                    section.integer("seed", 0, Long.MIN_VALUE, Long.MAX_VALUE)));
    section.refuseOthers();
    return lora;
  }

  private static TrainingRequest request(
      ConfigSection root, List<ParameterGroup> groups, Optional<LoraRequest> lora) {
    TrainingRequest.Builder builder =
        TrainingRequest.builder(groups)
            .activationCheckpointing(root.flag("activation-checkpointing", false));
    lora.ifPresent(builder::lora);
    root.section("optimizer").ifPresent(section -> builder.optimizer(optimizer(section)));
    root.number("average-decay", value -> value >= 0 && value < 1, "a number from 0 to below 1")
        .ifPresent(builder::averageDecay);
    return builder.build();
  }

  private static AdamW optimizer(ConfigSection section) {
    AdamW official = AdamW.OFFICIAL;
    AdamW optimizer =
        section.checked(
            () ->
                new AdamW(
                    section.number("beta1", official.beta1(), value -> true, "a number"),
                    section.number("beta2", official.beta2(), value -> true, "a number"),
                    section.number("epsilon", official.epsilon(), value -> true, "a number"),
                    section.number(
                        "weight-decay", official.weightDecay(), value -> true, "a number"),
                    section.number(
                        "max-norm", official.maxNorm(), value -> true, "a number or .inf")));
    section.refuseOthers();
    return optimizer;
  }
}
