package dev.showo2.conformance.internal.golden;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.golden.pass.LoadedBackend;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.stage.Stage;
import java.util.Set;
import org.apiguardian.api.API;

/**
 * Runs one kind of case. A runner only computes and compares: whether the case passed, failed or
 * could not run is decided once, where checks are run.
 */
@API(status = API.Status.INTERNAL)
public interface CaseRunner {

  /** Whether this runner knows the kind of case; decided by what the case announces. */
  boolean handles(RecordedCase golden);

  /** The rule that the case tests. */
  Rule rule(RecordedCase golden);

  /** The stages that the case needs; if the backend lacks one, the case does not run. */
  Set<Stage> needs(RecordedCase golden);

  /**
   * Computes what the case asks for and compares it with the goldens. May throw anything; the case
   * has failed then.
   */
  void run(RecordedCase golden, LoadedBackend subject, Checks checks);
}
