package dev.showo2.pipeline;

import dev.showo2.error.CancelledException;
import java.util.List;

/** Listeners for the steps of a flow. */
final class Listeners {

  private Listeners() {}

  static GenerationListener collecting(List<DenoisingStep> steps) {
    return new GenerationListener() {
      @Override
      public void step(DenoisingStep step) {
        steps.add(step);
      }
    };
  }

  /** Throws when it is told the step of this index. */
  static GenerationListener cancellingAt(int index) {
    return new GenerationListener() {
      @Override
      public void step(DenoisingStep step) {
        if (step.index() == index) {
          throw new CancelledException("enough");
        }
      }
    };
  }
}
