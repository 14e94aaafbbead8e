package dev.showo2.conformance.internal.check;

import dev.showo2.conformance.internal.compare.Checks;

/** An experiment that either transformer can be put to. */
@FunctionalInterface
interface TransformerExperiment {

  void run(Transformer transformer, CheckContext trial, Checks checks);
}
