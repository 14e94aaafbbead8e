package dev.showo2.conformance;

import dev.showo2.conformance.report.Outcome;
import dev.showo2.conformance.report.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apiguardian.api.API;

/** All failures of a backend that are accepted, in one list. Immutable. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Waivers(List<Waiver> list) {

  /** Nothing is accepted. */
  public static final Waivers NONE = new Waivers(List.of());

  /**
   * Copies the collections, so that changes to them afterwards have no effect.
   *
   * @param list the waivers, in the order of the report
   */
  public Waivers {
    list = List.copyOf(list);
  }

  /**
   * Lists waivers.
   *
   * @param waivers in the order of the report
   * @return the list
   */
  public static Waivers of(Waiver... waivers) {
    return new Waivers(List.of(waivers));
  }

  /**
   * Reads a file with one waiver a line: a rule or check, white space, the reason. Empty lines and
   * those that begin with # are left out.
   *
   * @param file a text file in UTF-8
   * @return the waivers
   * @throws IllegalArgumentException if a line is no waiver
   * @throws IOException if a file cannot be read or written
   */
  public static Waivers read(Path file) throws IOException {
    return new Waivers(
        Files.readAllLines(file).stream()
            .filter(line -> !line.isBlank() && !line.strip().startsWith("#"))
            .map(Waiver::parse)
            .toList());
  }

  /** The outcome, waived if it failed and a waiver covers it. */
  Outcome apply(Outcome outcome) {
    if (outcome.status() != Status.FAILED) {
      return outcome;
    }
    return list.stream()
        .filter(waiver -> waiver.covers(outcome))
        .findFirst()
        .map(waiver -> outcome.waived(waiver.reason()))
        .orElse(outcome);
  }

  /** Those that no outcome needed although what they name ran. */
  List<String> unused(List<Outcome> outcomes) {
    return list.stream()
        .filter(
            waiver -> {
              List<Outcome> covered = outcomes.stream().filter(waiver::covers).toList();
              return !covered.isEmpty()
                  && covered.stream().allMatch(outcome -> outcome.status() == Status.PASSED);
            })
        .map(Waiver::what)
        .toList();
  }
}
