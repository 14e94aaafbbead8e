package dev.showo2.sampler;

import static org.junit.jupiter.api.Assertions.assertSame;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.testing.Messages;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SolverTest {

  @ParameterizedTest
  @EnumSource(Solver.class)
  void idsLeadBack(Solver solver) {
    assertSame(solver, Solver.ofId(solver.id()));
  }

  @Test
  void anUnknownIdListsTheKnown() {
    Messages.assertFails(
        InvalidRequestException.class,
        () -> Solver.ofId("Euler"),
        "one of euler, midpoint, heun3, rk4, dopri5, ab2, unipc",
        "found 'Euler'");
  }
}
