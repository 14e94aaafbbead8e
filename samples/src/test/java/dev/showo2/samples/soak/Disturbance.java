package dev.showo2.samples.soak;

import dev.showo2.pipeline.DenoisingStep;
import dev.showo2.pipeline.GeneratedToken;
import dev.showo2.pipeline.GenerationListener;
import java.util.Random;

/** Cancels or interrupts a request after some of its steps and tokens, or leaves it alone. */
final class Disturbance implements GenerationListener {

  enum Kind {
    NONE,
    CANCEL,
    INTERRUPT
  }

  private final Kind kind;
  private int left;

  private Disturbance(Kind kind, int left) {
    this.kind = kind;
    this.left = left;
  }

  /** One request in five is cancelled, one in ten interrupted. */
  static Disturbance random(Random random) {
    int draw = random.nextInt(10);
    return new Disturbance(
        draw < 2 ? Kind.CANCEL : draw < 3 ? Kind.INTERRUPT : Kind.NONE, random.nextInt(8));
  }

  Kind kind() {
    return kind;
  }

  private void next() {
    left--;
    if (left < 0 && kind == Kind.INTERRUPT) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void step(DenoisingStep step) {
    next();
  }

  @Override
  public void token(GeneratedToken token) {
    next();
  }

  @Override
  public boolean cancelled() {
    return left < 0 && kind == Kind.CANCEL;
  }
}
