package dev.showo2.conformance.rules;

import org.apiguardian.api.API;

/** The parts of the rule book, by the letters that their rules begin with. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum Chapter {
  /** VAE. */
  V("VAE"),
  /** Fusion. */
  F("Fusion"),
  /** Backbone. */
  B("Backbone"),
  /** Language head and text embedding. */
  L("Language head and text embedding"),
  /** Flow head and time embedding. */
  H("Flow head and time embedding"),
  /** Sampler. */
  S("Sampler"),
  /** Pipelines. */
  P("Pipelines"),
  /** Resources and contract. */
  R("Resources and contract"),
  /** Training. */
  T("Training");

  private final String title;

  Chapter(String title) {
    this.title = title;
  }

  /** {@return the title of the chapter in the rule book} */
  public String title() {
    return title;
  }
}
