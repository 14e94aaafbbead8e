package dev.showo2.conformance.rules;

import org.apiguardian.api.API;

/** The parts of the rule book, by the letters that their rules begin with. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum Chapter {
  V("VAE"),
  F("Fusion"),
  B("Backbone"),
  L("Language head and text embedding"),
  H("Flow head and time embedding"),
  S("Sampler"),
  P("Pipelines"),
  R("Resources and contract");

  private final String title;

  Chapter(String title) {
    this.title = title;
  }

  public String title() {
    return title;
  }
}
