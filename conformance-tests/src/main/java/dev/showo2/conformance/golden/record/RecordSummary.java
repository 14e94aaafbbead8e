package dev.showo2.conformance.golden.record;

import dev.showo2.stage.Stage;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apiguardian.api.API;

/**
 * The result of a recording.
 *
 * @param folder that holds {@code cases.json} and a file for each case
 * @param cases their names, in the order of {@code cases.json}
 * @param leftOut cases that need stages which the backend lacks, with those stages
 * @param bytes of all files together
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RecordSummary(
    Path folder, List<String> cases, Map<String, Set<Stage>> leftOut, long bytes) {

  /**
   * Copies the collections, so that changes to them afterwards have no effect.
   *
   * @param folder that holds {@code cases.json} and a file for each case
   * @param cases their names, in the order of {@code cases.json}
   * @param leftOut cases that need stages which the backend lacks, with those stages
   * @param bytes of all files together
   */
  public RecordSummary {
    cases = List.copyOf(cases);
    leftOut = Collections.unmodifiableMap(new LinkedHashMap<>(leftOut));
  }

  /** The cases with their files, as {@code 25 cases, 26 files, 1234567 bytes}. */
  @Override
  public String toString() {
    String text = cases.size() + " cases, " + (cases.size() + 1) + " files, " + bytes + " bytes";
    if (leftOut.isEmpty()) {
      return text;
    }
    return leftOut.entrySet().stream()
        .map(entry -> entry.getKey() + " needs " + ids(entry.getValue()))
        .collect(Collectors.joining("; ", text + "; left out: ", ""));
  }

  static String ids(Set<Stage> stages) {
    return stages.stream().sorted().map(Stage::id).collect(Collectors.joining(", "));
  }
}
