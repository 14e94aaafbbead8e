package dev.showo2.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.apiguardian.api.API;

/** Results as Markdown. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class BenchmarkReport {

  private static final String NONE = "";

  private final StringBuilder text = new StringBuilder();

  private BenchmarkReport() {}

  /**
   * Describes one result: machine and rates, a row for each figure, memory.
   *
   * @param result the figures
   * @return the page
   */
  public static String of(BenchmarkResult result) {
    BenchmarkReport report = new BenchmarkReport();
    report.heading(result);
    report.figures(result);
    report.memory(result);
    return report.text.toString();
  }

  /**
   * Compares two results, those of turns of one run or of any two.
   *
   * @param first one
   * @param second the other, whose times are divided by those of the first
   * @return the page
   */
  public static String compare(BenchmarkResult first, BenchmarkResult second) {
    BenchmarkReport report = new BenchmarkReport();
    report.heading(first);
    report.heading(second);
    report.ratios(first, second);
    return report.text.toString();
  }

  private void line(String line) {
    text.append(line).append('\n');
  }

  private void row(String... cells) {
    line("| " + String.join(" | ", cells) + " |");
  }

  private void heading(BenchmarkResult result) {
    BenchmarkResult.Subject subject = result.subject();
    MeasuredMachine machine = result.machine();
    line("**" + inline(result.label()) + "**, " + result.date() + ", showo2 " + result.sdk());
    line("");
    line(
        "- "
            + inline(subject.bundle())
            + " ("
            + subject.precision()
            + "; "
            + megabytes(subject.bytes())
            + " MB) on "
            + subject.engine()
            + " ("
            + subject.backend()
            + ", "
            + subject.device()
            + (subject.threads() > 0 ? ", threads " + subject.threads() : NONE)
            + options(subject.options())
            + ")");
    line(
        "- "
            + inline(machine.processor().isEmpty() ? "processor unknown" : machine.processor())
            + ", "
            + machine.cores()
            + " cores, "
            + megabytes(machine.memory())
            + " MB, "
            + (machine.flags().isEmpty() ? "no known flags" : String.join(" ", machine.flags()))
            + "; Java "
            + machine.java()
            + ", "
            + machine.system());
    line("- " + rates(result.rates()));
    line("");
  }

  private static String options(Map<String, String> options) {
    StringBuilder all = new StringBuilder();
    new TreeMap<>(options).forEach((name, value) -> all.append(", " + name + "=" + value));
    return inline(all.toString());
  }

  private static String rates(MachineRates rates) {
    List<String> all = new ArrayList<>();
    new TreeMap<>(rates.products())
        .forEach((name, rate) -> all.add("products in " + name + " " + giga(rate) + " GFLOP/s"));
    if (rates.read() > 0) {
      all.add("memory read " + giga(rates.read()) + " GB/s");
    }
    if (rates.copy() > 0) {
      all.add("copied " + giga(rates.copy()) + " GB/s");
    }
    return all.isEmpty() ? "rates of the machine not measured" : String.join(", ", all);
  }

  private void figures(BenchmarkResult result) {
    row(
        "stage",
        "size",
        "first",
        "best",
        "median",
        "rounds",
        "GFLOP",
        "MB",
        "of the machine",
        "bound by");
    line("|---|---|---:|---:|---:|---:|---:|---:|---:|---|");
    for (BenchmarkFigure figure : result.figures()) {
      OptionalDouble limit = figure.limit(result.rates());
      row(
          figure.stage().id(),
          figure.size(),
          duration(figure.first()),
          time(figure, figure.best()),
          time(figure, figure.median()),
          Integer.toString(figure.seconds().size()),
          figure.allOperations() > 0 ? number(figure.allOperations() / 1e9) : NONE,
          figure.bytes() > 0 ? number(figure.bytes() / 1e6) : NONE,
          limit.isPresent() ? percent(limit.getAsDouble() / figure.best()) : NONE,
          figure.boundBy(result.rates()));
    }
    new TreeMap<>(result.absent())
        .forEach((key, reason) -> line("\nNot measured: " + key + ": " + inline(reason)));
    share(result, BenchmarkStage.OUTSIDE, BenchmarkStage.GUIDED_STEP)
        .ifPresent(
            share -> line("\nOutside of the stages: " + percent(share) + " of a guided step."));
    share(result, BenchmarkStage.OPEN, BenchmarkStage.HASHES)
        .ifPresent(
            times ->
                line(
                    "\nOpening takes "
                        + number(times)
                        + " times as long as reading the files once with their hashes."));
  }

  /** The best time of one as a share of another's. */
  private static OptionalDouble share(
      BenchmarkResult result, BenchmarkStage part, BenchmarkStage whole) {
    Optional<BenchmarkFigure> first = any(result, part);
    Optional<BenchmarkFigure> second = any(result, whole);
    return first.isPresent() && second.isPresent()
        ? OptionalDouble.of(first.get().best() / second.get().best())
        : OptionalDouble.empty();
  }

  private static Optional<BenchmarkFigure> any(BenchmarkResult result, BenchmarkStage stage) {
    return result.figures().stream().filter(figure -> figure.stage() == stage).findFirst();
  }

  private void memory(BenchmarkResult result) {
    BenchmarkResult.Memory memory = result.memory();
    if (memory.peakResident() == 0) {
      return;
    }
    line("");
    row("memory", "MB", "of the bundle's files");
    line("|---|---:|---:|");
    memoryRows(memory)
        .forEach(
            (name, bytes) ->
                row(
                    name,
                    megabytes(bytes),
                    number((double) bytes / Math.max(1, result.subject().bytes()))));
  }

  private static Map<String, Long> memoryRows(BenchmarkResult.Memory memory) {
    Map<String, Long> rows = new TreeMap<>();
    rows.put("peak resident", memory.peakResident());
    rows.put("peak anonymous", memory.peakAnonymous());
    rows.put("anonymous after open", memory.anonymousAfterOpen());
    rows.put("anonymous after step", memory.anonymousAfterStep());
    return rows;
  }

  private void ratios(BenchmarkResult first, BenchmarkResult second) {
    row(
        "stage",
        "size",
        "best, " + inline(first.label()),
        "best, " + inline(second.label()),
        "ratio of best",
        "ratio of medians");
    line("|---|---|---:|---:|---:|---:|");
    for (BenchmarkFigure figure : first.figures()) {
      second
          .figure(figure.stage(), figure.size())
          .or(() -> sameStage(figure, second))
          .ifPresent(
              other ->
                  row(
                      figure.stage().id(),
                      figure.size(),
                      time(figure, figure.best()),
                      time(other, other.best()),
                      ratio(other.best(), figure.best()),
                      ratio(other.median(), figure.median())));
    }
    Map<String, Long> others = memoryRows(second.memory());
    memoryRows(first.memory())
        .forEach(
            (name, bytes) ->
                row(
                    name,
                    NONE,
                    megabytes(bytes) + " MB",
                    megabytes(others.get(name)) + " MB",
                    ratio(others.get(name), bytes),
                    NONE));
  }

  /** Bundles of other sizes on the disk are opened all the same. */
  private static Optional<BenchmarkFigure> sameStage(
      BenchmarkFigure figure, BenchmarkResult other) {
    return figure.stage().readsFiles() ? any(other, figure.stage()) : Optional.empty();
  }

  private static String ratio(double value, double reference) {
    return reference > 0 ? String.format(Locale.ROOT, "%.3f", value / reference) : NONE;
  }

  private static String time(BenchmarkFigure figure, double seconds) {
    return figure.stage() == BenchmarkStage.TEXT_TOKEN
        ? duration(seconds) + " (" + number(1 / seconds) + "/s)"
        : duration(seconds);
  }

  private static String duration(double seconds) {
    return seconds < 1 ? number(seconds * 1e3) + " ms" : number(seconds) + " s";
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  private static String giga(double value) {
    return number(value / 1e9);
  }

  private static String megabytes(long bytes) {
    return Long.toString(Math.round(bytes / 1e6));
  }

  /** Three digits or more. */
  private static String number(double value) {
    String form = value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : value >= 1 ? "%.2f" : "%.3f";
    return String.format(Locale.ROOT, form, value);
  }

  private static String inline(String value) {
    return value.replaceAll("\\s+", " ").replaceAll("([\\\\`*<>|\\[\\]])", "\\\\$1");
  }
}
