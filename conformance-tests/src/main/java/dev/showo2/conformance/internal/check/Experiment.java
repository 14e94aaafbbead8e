package dev.showo2.conformance.internal.check;

import dev.showo2.conformance.internal.compare.Checks;
import org.apiguardian.api.API;

/** Computes and compares. Whether that makes a pass or a failure is decided elsewhere. */
@FunctionalInterface
@API(status = API.Status.INTERNAL)
public interface Experiment {

  /** May throw anything; the check has failed then. */
  void run(CheckContext trial, Checks checks) throws Exception;
}
