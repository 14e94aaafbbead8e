package dev.showo2.samples.cli;

import dev.showo2.pipeline.GeneratedToken;
import dev.showo2.pipeline.GenerationListener;

/** Shows nothing, and ends a text when the user does not want to wait for it. */
final class Watch implements GenerationListener {

  @Override
  public void token(GeneratedToken token) {
    Interruption.check();
  }
}
