package dev.showo2.pipeline.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.showo2.sampler.Solver;
import dev.showo2.sampler.internal.FlowIntegrator;
import dev.showo2.sampler.internal.TrajectoryObserver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two channels of three latents: a free one, a known one, and one in between. */
class InpaintingVelocityTest {

  private static final float[] KNOWN = {1, 2, 3, 4, 5, 6};
  private static final float[] NOISE = {0.5f, -1, 0, 2, 0.25f, -2};
  private static final float[] FREE = {1, 0, 0.25f};

  @Test
  void velocitiesOfKnownLatentsLeadFromTheirNoiseToThem() {
    float[] models = {10, 10, 10, 20, 20, 20};
    InpaintingVelocity field =
        new InpaintingVelocity((time, latents) -> models, KNOWN, NOISE, FREE);
    assertArrayEquals(
        new float[] {10, 3, 0.25f * 10 + 0.75f * 3, 20, 4.75f, 0.25f * 20 + 0.75f * 8},
        field.velocity(0.3f, new float[6]));
    assertArrayEquals(new float[] {10, 10, 10, 20, 20, 20}, models, "the model's own are not used");
  }

  @ParameterizedTest
  @EnumSource
  void everySolverArrivesAtThem(Solver solver) {
    InpaintingVelocity field =
        new InpaintingVelocity((time, latents) -> latents.clone(), KNOWN, NOISE, new float[3]);
    float[] start = new float[6];
    for (int i = 0; i < 6; i++) {
      start[i] = 0.25f * KNOWN[i] + 0.75f * NOISE[i];
    }
    float[] times = {0.25f, 0.5f, 1};
    assertArrayEquals(
        KNOWN,
        FlowIntegrator.integrate(solver, field, start, times, TrajectoryObserver.none()),
        1e-5f);
  }

  @Test
  void onlyKnownLatentsAreRestored() {
    float[] rounded = {9, 2.001f, 9, 9, 4.999f, 9};
    assertArrayEquals(
        new float[] {9, 2, 9, 9, 5, 9}, InpaintingVelocity.restored(rounded, KNOWN, FREE));
    assertArrayEquals(new float[] {9, 2.001f, 9, 9, 4.999f, 9}, rounded, "the argument is kept");
  }
}
