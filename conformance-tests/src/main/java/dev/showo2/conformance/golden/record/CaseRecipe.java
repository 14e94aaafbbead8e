package dev.showo2.conformance.golden.record;

import dev.showo2.stage.Stage;
import java.util.EnumSet;
import java.util.Set;

/**
 * The recipe of one recorded case.
 *
 * @param stage the kind of case, as {@code cases.json} names it
 * @param needs the stages without which there is no such case
 */
record CaseRecipe(String name, String stage, Set<Stage> needs, Work work) {

  /** Computes a case. */
  interface Work {

    /**
     * @param scene what the case is computed with
     * @param draft takes settings, inputs and outputs
     */
    void record(Scene scene, CaseDraft draft);
  }

  static CaseRecipe of(String name, String stage, Work work, Stage... needs) {
    return new CaseRecipe(name, stage, Set.of(needs), work);
  }

  /** What of this case's needs is not among these. */
  Set<Stage> missing(Set<Stage> stages) {
    Set<Stage> missing = EnumSet.noneOf(Stage.class);
    missing.addAll(needs);
    missing.removeAll(stages);
    return missing;
  }
}
