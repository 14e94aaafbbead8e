package dev.showo2.export.internal.architecture;

import dev.showo2.error.InvalidModelException;
import dev.showo2.model.internal.JsonFields;
import java.util.Optional;
import java.util.Set;

/**
 * Settings of the rotary embedding: {@code rope_theta} and {@code rope_scaling} as transformers 4
 * writes them, or {@code rope_parameters}, which holds both, as transformers 5 does.
 *
 * @param section that has them
 * @param parameters {@code rope_parameters}, if it has that
 */
record RopeSettings(Section section, Optional<JsonFields> parameters) {

  private static final String PARAMETERS = "rope_parameters";
  private static final String SCALING = "rope_scaling";
  private static final String THETA = "rope_theta";
  private static final String TYPE = "rope_type";
  private static final String PARTIAL = "partial_rotary_factor";
  private static final String FULL = "full_attention";

  static RopeSettings of(Section section) {
    Optional<JsonFields> parameters =
        section.field(PARAMETERS).map(fields -> fields.object(PARAMETERS));
    // Models with several kinds of layers have settings for each.
    parameters = parameters.map(fields -> fields.has(FULL) ? fields.object(FULL) : fields);
    RopeSettings settings = new RopeSettings(section, parameters);
    parameters.ifPresent(settings::requireAgreement);
    return settings;
  }

  private void requireAgreement(JsonFields json) {
    double theta = json.number(THETA);
    section
        .field(THETA)
        .filter(fields -> fields.number(THETA) != theta)
        .ifPresent(
            fields -> {
              throw fields.wrong(THETA, theta + ", as " + PARAMETERS + " has it");
            });
    if (section.field(SCALING).isPresent()) {
      throw section.field(SCALING).get().wrong(SCALING, "absent where there are " + PARAMETERS);
    }
    if (json.has(PARTIAL) && json.number(PARTIAL) != 1) {
      throw json.wrong(PARTIAL, "1, the only form that is exported");
    }
  }

  double theta(double released) {
    return parameters.isPresent()
        ? new Section(parameters).positive(THETA, released)
        : section.positive(THETA, released);
  }

  /** The fields of the scaling; empty if nothing is said of any, or that there is none. */
  Section scaling() {
    Section scaling = parameters.isPresent() ? new Section(parameters) : section.section(SCALING);
    String type = type(scaling);
    boolean none = type.equals("default") || parameters.isPresent() && type.isEmpty();
    return none ? new Section(Optional.empty()) : scaling;
  }

  /** Whether something is said of a scaling, be it that there is none. */
  boolean statesScaling() {
    return parameters.isPresent() || section.stated(SCALING).isPresent();
  }

  /**
   * The kind of a scaling: {@code rope_type}, which old versions of transformers called {@code
   * type}; {@code default} if there is none, and empty if it does not say.
   */
  static String type(Section scaling) {
    if (scaling.json().isEmpty()) {
      return "default";
    }
    JsonFields json = scaling.json().get();
    for (String name : new String[] {TYPE, "type"}) {
      if (json.has(name)) {
        return json.string(name);
      }
    }
    return "";
  }

  /**
   * Refuses another kind of scaling.
   *
   * @param expected the only kind that is computed
   * @throws InvalidModelException naming the field that says otherwise
   */
  void requireType(String expected) {
    Section scaling = scaling();
    String type = type(scaling);
    if (type.equals(expected)) {
      return;
    }
    Set<String> names = scaling.json().map(JsonFields::names).orElse(Set.of());
    if (!names.contains(TYPE) && !names.contains("type")) {
      throw section
          .stated(parameters.isPresent() ? PARAMETERS : SCALING)
          .orElseThrow()
          .wrong(
              parameters.isPresent() ? PARAMETERS : SCALING,
              "of the kind \"" + expected + "\", the only form that is exported");
    }
    throw scaling
        .json()
        .orElseThrow()
        .wrong(
            names.contains(TYPE) ? TYPE : "type",
            "\"" + expected + "\", the only form that is exported");
  }
}
