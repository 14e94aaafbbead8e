package dev.showo2.sampler;

import dev.showo2.sampler.internal.VelocityField;

/** One step from y0 at t0 to y1 at t1, accepted or not, with the velocities it is made of. */
@SuppressWarnings("ArrayRecordComponent") // numeric data of one integration
record Dopri5Step(double t0, double t1, float dt, float[] y0, float[] y1, float[][] stages) {

  /** The last stage is the velocity at the end, so the next step need not evaluate it again. */
  static Dopri5Step take(VelocityField field, double t0, double dt, float[] y0, float[] f0) {
    double t1 = t0 + dt;
    float step = (float) dt;
    float[][] stages = new float[Dopri5Tableau.STAGES][];
    stages[0] = f0;
    float[] y = y0;
    for (int s = 1; s < stages.length; s++) {
      float[] weights = Dopri5Tableau.scaled(Dopri5Tableau.STATES[s - 1], step);
      y = new float[y0.length];
      for (int i = 0; i < y.length; i++) {
        y[i] = y0[i] + Dopri5Tableau.combine(stages, weights, i);
      }
      stages[s] = field.velocity(stageTime(s, t0, step, t1), y);
    }
    return new Dopri5Step(t0, t1, step, y0, y, stages);
  }

  /** torchdiffeq looks just before the end of a step, lest the velocity jumps there. */
  private static float stageTime(int stage, double t0, float dt, double t1) {
    float node = Dopri5Tableau.NODES[stage - 1];
    return node == 1 ? Math.nextDown((float) t1) : (float) t0 + node * dt;
  }

  float[] f1() {
    return stages[stages.length - 1];
  }

  /** The estimated error in units of the tolerance; at most 1 for a good step. */
  float errorRatio() {
    float[] weights = Dopri5Tableau.scaled(Dopri5Tableau.ERROR, dt);
    float[] ratios = new float[y0.length];
    for (int i = 0; i < ratios.length; i++) {
      float size = Math.max(Math.abs(y0[i]), Math.abs(y1[i]));
      ratios[i] = Dopri5Tableau.combine(stages, weights, i) / StepSize.tolerance(size);
    }
    return StepSize.rms(ratios);
  }

  /** The state at a time within the step: a polynomial of fourth order through both ends. */
  float[] interpolate(double time) {
    float x = (float) ((time - t0) / (t1 - t0));
    float x2 = x * x;
    float x3 = x2 * x;
    float x4 = x3 * x;
    float[] weights = Dopri5Tableau.scaled(Dopri5Tableau.MIDDLE, dt);
    float[] y = new float[y0.length];
    for (int i = 0; i < y.length; i++) {
      float start = y0[i];
      float end = y1[i];
      float f0 = stages[0][i];
      float f1 = stages[stages.length - 1][i];
      float middle = start + Dopri5Tableau.combine(stages, weights, i);
      float a = 2 * dt * (f1 - f0) - 8 * (end + start) + 16 * middle;
      float b = dt * (5 * f0 - 3 * f1) + 18 * start + 14 * end - 32 * middle;
      float c = dt * (f1 - 4 * f0) - 11 * start - 5 * end + 16 * middle;
      y[i] = start + x * (dt * f0) + x2 * c + x3 * b + x4 * a;
    }
    return y;
  }
}
