package dev.showo2.sampler;

import static dev.showo2.testing.Messages.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.showo2.error.InvalidRequestException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StepReuseTest {

  @ParameterizedTest
  @ValueSource(strings = {"none", "velocity:2", "velocity:100", "adaptive:0.1", "backbone:3"})
  void idsLeadBack(String id) {
    assertEquals(id, StepReuse.ofId(id).id());
    assertEquals(StepReuse.ofId(id), StepReuse.ofId(id));
    assertEquals(StepReuse.ofId(id).hashCode(), StepReuse.ofId(id).hashCode());
  }

  @Test
  void eachKindReusesItsOwn() {
    assertEquals(2, StepReuse.velocity(2).velocitySteps());
    assertEquals(1, StepReuse.velocity(2).backboneSteps());
    assertEquals(3, StepReuse.backbone(3).backboneSteps());
    assertEquals(1, StepReuse.backbone(3).velocitySteps());
    assertEquals(0.1f, StepReuse.adaptive(0.1f).tolerance());
    assertFalse(StepReuse.none().enabled());
    assertNotEquals(StepReuse.velocity(2), StepReuse.backbone(2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "velocity", "none:2", "velocity:two", "adaptive:", "time:2"})
  void anUnknownIdListsTheForms(String id) {
    assertFails(
        InvalidRequestException.class,
        () -> StepReuse.ofId(id),
        "expected none, velocity:STEPS, adaptive:TOLERANCE or backbone:STEPS",
        "found '" + id + "'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"velocity:1", "velocity:101", "backbone:0", "backbone:-2"})
  void refusesStepsOutOfRange(String id) {
    assertFails(
        InvalidRequestException.class,
        () -> StepReuse.ofId(id),
        "step reuse: one of 2 to 100 steps can be computed, found " + id.split(":")[1]);
  }

  @ParameterizedTest
  @ValueSource(floats = {0, -1, 1.5f, Float.NaN})
  void refusesTolerancesOutOfRange(float tolerance) {
    assertFails(
        InvalidRequestException.class,
        () -> StepReuse.adaptive(tolerance),
        "step reuse: a tolerance above 0 and at most 1 is needed, found " + tolerance);
  }
}
