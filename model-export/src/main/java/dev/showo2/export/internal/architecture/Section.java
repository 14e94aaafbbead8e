package dev.showo2.export.internal.architecture;

import dev.showo2.error.InvalidModelException;
import dev.showo2.model.internal.JsonFields;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * An object of {@code arch.json}. The file, the object and each of its fields may be absent: the
 * released models' value holds then.
 *
 * @param json the object
 * @param outer the one around it, which has the fields that this one lacks
 */
record Section(Optional<JsonFields> json, Optional<JsonFields> outer) {

  /** Words of names that say what is computed. */
  private static final Set<String> COMPUTING =
      Set.of(
          "rope",
          "rotary",
          "theta",
          "eps",
          "epsilon",
          "norm",
          "act",
          "activation",
          "head",
          "heads",
          "scaling",
          "scale",
          "multiplier",
          "window",
          "sliding",
          "softcapping",
          "interleaved",
          "partial",
          "qk");

  Section(Optional<JsonFields> json) {
    this(json, Optional.empty());
  }

  static Section of(Optional<JsonFields> arch, String name) {
    return new Section(arch).section(name);
  }

  /** The backbone: {@code llm}, as transformers writes it, or the {@code text_config} in it. */
  static Section backbone(Optional<JsonFields> arch) {
    return of(arch, "llm").nested("text_config");
  }

  /** The semantic layers: {@code siglip_vision}, or the {@code vision_config} in it. */
  static Section semantic(Optional<JsonFields> arch) {
    return of(arch, "siglip_vision").nested("vision_config");
  }

  static Section flowHead(Optional<JsonFields> arch) {
    return of(arch, "flow_head");
  }

  private Section nested(String name) {
    return json.isPresent() && json.get().has(name)
        ? new Section(Optional.of(json.get().object(name)), json)
        : this;
  }

  Section section(String name) {
    return new Section(field(name).map(fields -> fields.object(name)));
  }

  OptionalInt integer(String name, int min, int max) {
    return field(name)
        .map(fields -> OptionalInt.of(fields.integer(name, min, max)))
        .orElse(OptionalInt.empty());
  }

  /** A number above 0. */
  double positive(String name, double released) {
    double value = field(name).map(fields -> fields.number(name)).orElse(released);
    if (!(value > 0)) {
      throw field(name).orElseThrow().wrong(name, "a number above 0");
    }
    return value;
  }

  Optional<Boolean> flag(String name) {
    return field(name).map(fields -> fields.bool(name));
  }

  /** The object that has the field, if one has. */
  Optional<JsonFields> field(String name) {
    return json.filter(fields -> fields.has(name))
        .or(() -> outer.filter(fields -> fields.has(name)));
  }

  /** Whether the field is there, be it null. */
  Optional<JsonFields> stated(String name) {
    return json.filter(fields -> fields.names().contains(name))
        .or(() -> outer.filter(fields -> fields.names().contains(name)));
  }

  /**
   * Refuses a form of the model that the graphs do not compute.
   *
   * @param released the JSON text of the only value that is computed
   * @throws InvalidModelException if the field is there and says otherwise
   */
  void requireReleased(String name, String released) {
    stated(name)
        .filter(fields -> !fields.text(name).equals(released))
        .ifPresent(
            fields -> {
              throw fields.wrong(name, released + ", the only form that is exported");
            });
  }

  /**
   * Refuses fields that say what is computed in words that are not known: a renamed one would
   * otherwise leave the released value in its place.
   *
   * @param known names that are read, or that change nothing
   */
  void requireKnown(Set<String> known) {
    Set<String> names = json.map(JsonFields::names).orElse(Set.of());
    for (String name : names) {
      List<String> words = Arrays.asList(name.split("_"));
      boolean absent = !json.get().has(name) || json.get().text(name).equals("false");
      if (!absent && !known.contains(name) && !Collections.disjoint(words, COMPUTING)) {
        throw new InvalidModelException(
            json.get()
                    .wrong(name, "absent, or spelled as one of " + known.stream().sorted().toList())
                    .getMessage()
                + "; a field that is not known may change what is computed");
      }
    }
  }
}
