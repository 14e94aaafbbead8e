package dev.showo2.conformance.internal.training;

import dev.showo2.error.InvalidModelException;
import dev.showo2.model.internal.JsonFields;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apiguardian.api.API;

/**
 * A folder of recorded training: {@code runs.json} with a safetensors file for each run, {@code
 * rows.json}, or both. Immutable; tensors are read when a run is replayed.
 *
 * @param name of the folder
 * @param runs in the order of the file
 * @param rows in the order of the file
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public record RunFolder(String name, List<RecordedRun> runs, List<RecordedRow> rows) {

  private static final String RUNS = "runs.json";
  private static final String ROWS = "rows.json";

  private static final long MAX_BYTES = 64 << 20;

  /** Copies the lists. */
  public RunFolder {
    runs = List.copyOf(runs);
    rows = List.copyOf(rows);
  }

  /**
   * Reads both lists.
   *
   * @throws InvalidModelException if there is neither file, one is malformed, two runs have one
   *     name, or a run names a file that is not in the folder
   */
  public static RunFolder open(Path directory) {
    if (!isIn(directory)) {
      throw new InvalidModelException(
          "no " + RUNS + " and no " + ROWS + " in " + directory + "; name a folder of runs");
    }
    List<RecordedRun> runs = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (JsonFields fields : objects(directory.resolve(RUNS))) {
      RecordedRun run = RecordedRun.read(fields, directory);
      if (!names.add(run.name())) {
        throw new InvalidModelException(
            directory.resolve(RUNS) + ": two runs are named '" + run.name() + "'");
      }
      runs.add(run);
    }
    List<RecordedRow> rows =
        objects(directory.resolve(ROWS)).stream().map(RecordedRow::read).toList();
    Path name = directory.toAbsolutePath().normalize().getFileName();
    return new RunFolder(name == null ? "runs" : name.toString(), runs, rows);
  }

  /** {@return whether a folder has one of the lists} */
  public static boolean isIn(Path directory) {
    return Files.isRegularFile(directory.resolve(RUNS))
        || Files.isRegularFile(directory.resolve(ROWS));
  }

  /** The kinds of rows, in the order in which they first occur. */
  public List<String> kinds() {
    return rows.stream().map(RecordedRow::kind).distinct().toList();
  }

  /** The rows of one kind. */
  public List<RecordedRow> rows(String kind) {
    return rows.stream().filter(row -> row.kind().equals(kind)).toList();
  }

  private static List<JsonFields> objects(Path file) {
    if (!Files.isRegularFile(file)) {
      return List.of();
    }
    JsonFields wrapped = JsonFields.parse("{\"list\":" + text(file) + "}", file.toString());
    if (wrapped.names().size() != 1) {
      throw new InvalidModelException(file + ": one JSON array was expected");
    }
    List<JsonFields> objects = wrapped.objects("list");
    if (objects.isEmpty()) {
      throw new InvalidModelException(file + ": the list is empty");
    }
    return objects;
  }

  private static String text(Path file) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new InvalidModelException(
            file + " has " + Files.size(file) + " bytes, more than the " + MAX_BYTES + " allowed");
      }
      return Files.readString(file);
    } catch (IOException e) {
      throw new InvalidModelException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }
}
