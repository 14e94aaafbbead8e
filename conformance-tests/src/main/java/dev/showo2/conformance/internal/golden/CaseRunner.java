package dev.showo2.conformance.internal.golden;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.golden.pass.LoadedBackend;
import dev.showo2.conformance.internal.golden.pass.Trainer;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.stage.Stage;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apiguardian.api.API;

/**
 * Runs one kind of case. A runner only computes and compares: whether the case passed, failed or
 * could not run is decided once, where checks are run.
 */
@API(status = API.Status.INTERNAL)
public interface CaseRunner {

  /** The stages of velocities after a prompt. */
  Set<Stage> VELOCITY =
      Set.of(
          Stage.TEXT_EMBEDDING,
          Stage.TIME_EMBEDDING,
          Stage.FUSION,
          Stage.BACKBONE,
          Stage.FLOW_HEAD);

  /** The stages of text that is continued. */
  Set<Stage> TEXT = Set.of(Stage.TEXT_EMBEDDING, Stage.BACKBONE, Stage.LANGUAGE_HEAD);

  /** A set of stages and more of them. */
  static Set<Stage> with(Set<Stage> stages, Stage... more) {
    Set<Stage> all = EnumSet.copyOf(stages);
    all.addAll(List.of(more));
    return all;
  }

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

  /**
   * The same, for kinds of cases that train.
   *
   * @param trainer the backend as one that trains; empty if it does not
   */
  default void run(
      RecordedCase golden, LoadedBackend subject, Optional<Trainer> trainer, Checks checks) {
    run(golden, subject, checks);
  }
}
