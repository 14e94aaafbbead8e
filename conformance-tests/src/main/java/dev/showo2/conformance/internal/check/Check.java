package dev.showo2.conformance.internal.check;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.stage.Stage;
import java.util.Set;
import org.apiguardian.api.API;

/**
 * One way to test a rule.
 *
 * @param name unique for the rule; white space becomes hyphens, so that shells and lists of waivers
 *     take an id as it is
 * @param needs the stages without which it cannot run
 */
@API(status = API.Status.INTERNAL)
public record Check(Rule rule, String name, Set<Stage> needs, Experiment experiment) {

  /** Computes and compares. The runner decides whether that makes a pass or a failure. */
  @FunctionalInterface
  public interface Experiment {

    /** May throw anything; the check has failed then. */
    void run(CheckContext context, Checks checks) throws Exception;
  }

  public Check {
    name = name.replaceAll("\\s+", "-");
    needs = Set.copyOf(needs);
  }

  /** A check that needs some stages, or none. */
  public static Check of(Rule rule, String name, Experiment experiment, Stage... needs) {
    return new Check(rule, name, Set.of(needs), experiment);
  }

  /** The id by which the check is chosen, such as {@code B-04/tiny-a/backbone_two_spans}. */
  public String id(String model) {
    return rule.id() + "/" + model + "/" + name;
  }
}
