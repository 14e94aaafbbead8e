package dev.showo2.conformance;

import dev.showo2.conformance.internal.check.Check;
import dev.showo2.conformance.rules.Rule;
import org.apiguardian.api.API;

/** A check that is to be run on one model. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class PlannedCheck {

  private final String model;
  private final Check check;

  PlannedCheck(String model, Check check) {
    this.model = model;
    this.check = check;
  }

  /** {@return the rule that is checked} */
  public Rule rule() {
    return check.rule();
  }

  /** {@return the name of the model, such as {@code tiny-a}} */
  public String model() {
    return model;
  }

  /** {@return the id of the check, such as {@code B-04/tiny-a/backbone_two_spans}} */
  public String id() {
    return check.id(model);
  }

  Check check() {
    return check;
  }

  @Override
  public String toString() {
    return id();
  }
}
