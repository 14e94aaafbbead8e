package dev.showo2.train;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.showo2.media.internal.PendingFile;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/**
 * The figures of each step, as CSV and as JSON lines. A line is written out at once. Lines behind
 * the checkpoint that a run goes on from are removed.
 */
final class RunMetrics implements AutoCloseable {

  static final String CSV = "metrics.csv";
  static final String JSON_LINES = "metrics.jsonl";

  private final Path csvPath;
  private final BufferedWriter csv;
  private final BufferedWriter json;

  private RunMetrics(Path csvPath, BufferedWriter csv, BufferedWriter json) {
    this.csvPath = csvPath;
    this.csv = csv;
    this.json = json;
  }

  /**
   * @param step last one that is kept of files that are there
   * @param losses names, in their order
   * @param groups names of the parameter groups
   */
  static RunMetrics open(Path folder, long step, List<String> losses, List<String> groups)
      throws IOException {
    Path csvPath = folder.resolve(CSV);
    Path jsonPath = folder.resolve(JSON_LINES);
    cut(csvPath, step, RunMetrics::stepOfCsv);
    cut(jsonPath, step, RunMetrics::stepOfJson);
    BufferedWriter csv = append(csvPath);
    try {
      BufferedWriter json = append(jsonPath);
      try {
        if (Files.size(csvPath) == 0) {
          csv.write(header(losses, groups));
          csv.flush();
        }
        return new RunMetrics(csvPath, csv, json);
      } catch (IOException | RuntimeException | Error e) {
        try (json) {
          throw e;
        }
      }
    } catch (IOException | RuntimeException | Error e) {
      try (csv) {
        throw e;
      }
    }
  }

  private static BufferedWriter append(Path file) throws IOException {
    return Files.newBufferedWriter(
        file, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private static String header(List<String> losses, List<String> groups) {
    return "step,"
        + String.join(",", losses)
        + ",loss,norm,"
        + String.join(",", groups.stream().map(group -> "rate_" + group).toList())
        + ",labels,positions,rows,seconds\n";
  }

  /** Copies the lines up to a step; a killed process may have left half a line at the end. */
  private static void cut(Path file, long last, ToLongFunction<String> stepOf) throws IOException {
    if (!Files.exists(file)) {
      return;
    }
    try (PendingFile pending = PendingFile.file(file, "metrics")) {
      try (BufferedReader lines = Files.newBufferedReader(file);
          BufferedWriter kept = Files.newBufferedWriter(pending.path())) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          if (stepOf.applyAsLong(line) <= last) {
            kept.write(line + "\n");
          }
        }
      }
      pending.complete();
    }
  }

  /** {@return 0 for the header, and the largest number for what is no whole line} */
  private static long stepOfCsv(String line) {
    if (line.startsWith("step,")) {
      return 0;
    }
    return number(line.substring(0, Math.max(0, line.indexOf(','))));
  }

  private static long stepOfJson(String line) {
    String start = "{\"step\":";
    boolean whole = line.startsWith(start) && line.endsWith("}");
    return whole ? number(line.substring(start.length(), line.indexOf(','))) : Long.MAX_VALUE;
  }

  private static long number(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      return Long.MAX_VALUE;
    }
  }

  void add(TrainingStep step) {
    StringBuilder line = new StringBuilder().append(step.number());
    JsonObject object = new JsonObject();
    object.addProperty("step", step.number());
    step.losses()
        .forEach(
            (name, value) -> {
              line.append(',').append(value);
              object.addProperty(name, value);
            });
    line.append(',').append(step.loss()).append(',').append(step.norm());
    object.addProperty("loss", step.loss());
    object.addProperty("norm", step.norm());
    JsonArray rates = new JsonArray();
    for (double rate : step.rates()) {
      line.append(',').append(rate);
      rates.add(rate);
    }
    object.add("rates", rates);
    String seconds = String.format(Locale.ROOT, "%.3f", step.took().toNanos() / 1e9);
    line.append(',').append(step.labels()).append(',').append(step.positions());
    line.append(',').append(step.rows()).append(',').append(seconds).append('\n');
    object.addProperty("labels", step.labels());
    object.addProperty("positions", step.positions());
    object.addProperty("rows", step.rows());
    object.addProperty("seconds", Double.parseDouble(seconds));
    try {
      csv.write(line.toString());
      csv.flush();
      json.write(object + "\n");
      json.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot write the metrics of step "
              + step.number()
              + " beside "
              + csvPath
              + ": "
              + e.getMessage(),
          e);
    }
  }

  @Override
  public void close() throws IOException {
    try (csv) {
      json.close();
    }
  }
}
