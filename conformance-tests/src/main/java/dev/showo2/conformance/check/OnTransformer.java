package dev.showo2.conformance.check;

import dev.showo2.conformance.compare.Checks;

/** An experiment that either transformer can be put to. */
@FunctionalInterface
interface OnTransformer {

  void run(Transformer transformer, Trial trial, Checks checks);
}
