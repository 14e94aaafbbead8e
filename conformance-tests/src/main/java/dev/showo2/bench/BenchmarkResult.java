package dev.showo2.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.apiguardian.api.API;

/**
 * The figures of one target.
 *
 * @param label by which reports name it
 * @param date of the run, such as {@code 2026-12-01T02:00:00Z}
 * @param sdk version of the SDK that measured
 * @param subject the bundle and the backend that were measured
 * @param machine on which
 * @param rates of the machine, measured in the same run
 * @param figures in the order of the work
 * @param memory of the measured process
 * @param absent why figures are absent, by stage and size
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record BenchmarkResult(
    String label,
    String date,
    String sdk,
    Subject subject,
    MeasuredMachine machine,
    MachineRates rates,
    List<BenchmarkFigure> figures,
    Memory memory,
    Map<String, String> absent) {

  private static final long MOST_BYTES = 16 << 20;

  /**
   * Copies the collections.
   *
   * @param label by which reports name it
   * @param date of the run
   * @param sdk version of the SDK that measured
   * @param subject that was measured
   * @param machine on which
   * @param rates of the machine
   * @param figures in the order of the work
   * @param memory of the measured process
   * @param absent why figures are absent
   */
  public BenchmarkResult {
    Objects.requireNonNull(label, "label");
    Objects.requireNonNull(date, "date");
    Objects.requireNonNull(sdk, "sdk");
    Objects.requireNonNull(subject, "subject");
    Objects.requireNonNull(machine, "machine");
    Objects.requireNonNull(rates, "rates");
    Objects.requireNonNull(memory, "memory");
    figures = List.copyOf(figures);
    absent = Map.copyOf(new TreeMap<>(absent));
  }

  /**
   * The bundle and the backend that were measured.
   *
   * @param bundle name of the model
   * @param hash of the bundle
   * @param precision of its stages
   * @param bytes of its files
   * @param backend id
   * @param engine name and version
   * @param device such as {@code cpu}
   * @param threads that were asked for; 0 if the backend decided
   * @param options of the backend
   */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  public record Subject(
      String bundle,
      String hash,
      String precision,
      long bytes,
      String backend,
      String engine,
      String device,
      int threads,
      Map<String, String> options) {}

  /**
   * The memory of the measured process, in bytes; 0 where the system does not say.
   *
   * @param peakResident most that was resident, mapped files included
   * @param peakAnonymous most that no file backs, sampled
   * @param anonymousAfterOpen that no file backs, once the bundle is open
   * @param anonymousAfterStep that no file backs, after a guided step
   */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  public record Memory(
      long peakResident, long peakAnonymous, long anonymousAfterOpen, long anonymousAfterStep) {}

  /**
   * Finds a figure.
   *
   * @param stage of the figure
   * @param size of its work
   * @return the figure, or empty if it was not measured
   */
  public Optional<BenchmarkFigure> figure(BenchmarkStage stage, String size) {
    return figures.stream()
        .filter(figure -> figure.stage() == stage && figure.size().equals(size))
        .findFirst();
  }

  /** {@return the result as a JSON object on one line, with best times and shares added} */
  public String toJson() {
    return BenchmarkJson.text(this);
  }

  /**
   * Reads a result.
   *
   * @param json as {@link #toJson} gives it
   * @return the result
   * @throws IllegalArgumentException if it is something else
   */
  public static BenchmarkResult parse(String json) {
    return BenchmarkJson.parse(json);
  }

  /**
   * Reads the result in a file, the last one if it has a line for each of several.
   *
   * @param file such as one of a history
   * @return the result
   * @throws IOException if it cannot be read
   * @throws IllegalArgumentException if it has no result
   */
  public static BenchmarkResult read(Path file) throws IOException {
    if (Files.size(file) > MOST_BYTES) {
      throw new IllegalArgumentException(
          file + " has more than " + MOST_BYTES + " bytes; no history of results needs as many");
    }
    String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    List<String> lines = text.lines().filter(line -> !line.isBlank()).toList();
    if (lines.isEmpty()) {
      throw new IllegalArgumentException(file + " is empty; a result of 'bench' is needed");
    }
    try {
      return parse(lines.get(lines.size() - 1));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
  }
}
