package dev.showo2.train.data;

import org.apiguardian.api.API;

/** Stages of the official training that lay out conversations differently (SPEC 10). */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum ConversationStage {
  /** Turns stand one after the other without a template; a question with an image is the image. */
  PRE_TRAINING("pre-training"),
  /** As {@link #PRE_TRAINING}. */
  PRE_TRAINING_1_5("pre-training-1-5"),
  /** Turns in the template of the language model, after a system message. */
  TUNING("tuning");

  private final String id;

  ConversationStage(String id) {
    this.id = id;
  }

  /**
   * Returns the name in official configurations.
   *
   * @return such as "pre-training-1-5"
   */
  public String id() {
    return id;
  }

  /**
   * Tells whether turns stand in a template.
   *
   * @return true for tuning
   */
  public boolean templated() {
    return this == TUNING;
  }
}
