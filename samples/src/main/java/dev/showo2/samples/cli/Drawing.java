package dev.showo2.samples.cli;

import dev.showo2.pipeline.DenoisingStep;
import dev.showo2.pipeline.GenerationListener;

/** Shows the steps of a picture, and ends it when the user does not want to wait for it. */
final class Drawing implements GenerationListener, AutoCloseable {

  private final Surroundings surroundings;
  private Progress progress;

  Drawing(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public void step(DenoisingStep step) {
    Interruption.check();
    if (progress == null) {
      progress = Progress.start(surroundings, "drawing", Progress.Unit.STEPS, step.total());
    }
    progress.to(step.index());
  }

  @Override
  public void close() {
    if (progress != null) {
      progress.close();
    }
  }
}
