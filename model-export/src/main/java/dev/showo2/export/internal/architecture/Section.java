package dev.showo2.export.internal.architecture;

import dev.showo2.error.InvalidModelException;
import dev.showo2.model.internal.JsonFields;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * An object of {@code arch.json}. The file, the object and each of its fields may be absent: the
 * released models' value holds then.
 */
record Section(Optional<JsonFields> json) {

  static Section of(Optional<JsonFields> arch, String name) {
    return new Section(arch).section(name);
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
      throw json.orElseThrow().wrong(name, "a number above 0");
    }
    return value;
  }

  Optional<Boolean> flag(String name) {
    return field(name).map(fields -> fields.bool(name));
  }

  /** The object itself, if it has the field. */
  Optional<JsonFields> field(String name) {
    return json.filter(fields -> fields.has(name));
  }

  /**
   * Refuses a form of the model that the graphs do not compute.
   *
   * @param released the JSON text of the only value that is computed
   * @throws InvalidModelException if the field is there and says otherwise
   */
  void requireReleased(String name, String released) {
    if (json.isPresent()
        && json.get().names().contains(name)
        && !json.get().text(name).equals(released)) {
      throw json.get().wrong(name, released + ", the only form that is exported");
    }
  }
}
