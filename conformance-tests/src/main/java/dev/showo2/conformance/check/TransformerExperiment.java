package dev.showo2.conformance.check;

import dev.showo2.conformance.compare.Checks;

/** An experiment that either transformer can be put to. */
@FunctionalInterface
interface TransformerExperiment {

  void run(Transformer transformer, CheckContext trial, Checks checks);
}
