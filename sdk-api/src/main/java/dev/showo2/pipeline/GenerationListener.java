package dev.showo2.pipeline;

import org.apiguardian.api.API;

/**
 * Is told how a request gets on. Called on the thread that runs the request; should return quickly.
 * What it throws ends the request and reaches the caller.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface GenerationListener {

  /** For those who do not want to know. */
  GenerationListener NONE = new GenerationListener() {};

  /** A step of a picture is done. */
  default void step(DenoisingStep step) {}

  /** A token of a text is there. */
  default void token(GeneratedToken token) {}
}
