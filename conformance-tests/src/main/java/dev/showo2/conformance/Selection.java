package dev.showo2.conformance;

import dev.showo2.conformance.rules.Chapter;
import dev.showo2.conformance.rules.Rule;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apiguardian.api.API;

/**
 * Some of all checks: those of a chapter ({@code B}), of a rule ({@code B-04}), of a rule on one
 * model ({@code B-04/tiny-a}), or single ones ({@code B-04/tiny-a/backbone_two_spans}).
 *
 * @param names any number of these; none for all checks
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Selection(List<String> names) {

  /** Nothing is left out. */
  public static final Selection ALL = new Selection(List.of());

  /** A comma that is not escaped. */
  private static final String SEPARATOR = "(?<!\\\\),";

  /**
   * Copies the collections, so that changes to them afterwards have no effect.
   *
   * @param names any number of these; none for all checks
   */
  public Selection {
    names = List.copyOf(names);
  }

  /**
   * Parses a selection.
   *
   * @param only names with commas between them; a comma within a name is written {@code \,}
   * @return the selection
   * @throws IllegalArgumentException if there is no name in it
   */
  public static Selection of(String only) {
    Objects.requireNonNull(only, "only");
    List<String> names =
        Arrays.stream(only.split(SEPARATOR))
            .map(name -> name.strip().replace("\\,", ","))
            .filter(name -> !name.isEmpty())
            .toList();
    if (names.isEmpty()) {
      throw new IllegalArgumentException(
          "nothing is chosen by '" + only + "'; name a chapter, a rule or a check such as B-04");
    }
    return new Selection(names);
  }

  /** {@return whether every check is chosen} */
  public boolean all() {
    return names.isEmpty();
  }

  /**
   * {@return the chosen checks, in their order}
   *
   * @param plan all checks
   * @throws IllegalArgumentException if a name chooses none of them; the message says what there is
   */
  public List<PlannedCheck> from(List<PlannedCheck> plan) {
    for (String name : names) {
      if (plan.stream().noneMatch(check -> matches(name, check))) {
        throw new IllegalArgumentException(
            "no check is chosen by '" + name + "'; " + near(name, plan));
      }
    }
    return plan.stream().filter(this::contains).toList();
  }

  private boolean contains(PlannedCheck check) {
    return all() || names.stream().anyMatch(name -> matches(name, check));
  }

  private static boolean matches(String name, PlannedCheck check) {
    return check.rule().chapter().name().equals(name)
        || check.id().equals(name)
        || check.id().startsWith(name + "/");
  }

  /** What could have been meant: the checks of the rule, else the rules, and why some have none. */
  private static String near(String name, List<PlannedCheck> plan) {
    Rule rule = Rule.of(name.split("/", 2)[0]).orElse(null);
    if (rule == null) {
      return "there are the rules "
          + plan.stream()
              .map(check -> check.rule().id())
              .distinct()
              .collect(Collectors.joining(", "))
          + " and the chapters "
          + Arrays.stream(Chapter.values()).map(Chapter::name).collect(Collectors.joining(", "));
    }
    if (rule.untestable().isPresent()) {
      return "the rule cannot be tested: " + rule.untestable().get();
    }
    List<String> checks =
        plan.stream().filter(check -> check.rule() == rule).map(PlannedCheck::id).toList();
    return checks.isEmpty()
        ? "there is no check of this rule here"
        : "of this rule there are " + String.join(", ", checks);
  }
}
