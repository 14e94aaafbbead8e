package dev.showo2.conformance.report;

import dev.showo2.conformance.compare.Comparison;
import dev.showo2.conformance.compare.Measurement;
import java.util.Locale;
import java.util.stream.Collectors;

/** Comparisons in the cells of tables. */
final class Figures {

  private Figures() {}

  /** Tensor, max abs, allowed, max rel, mean abs, cosine, PSNR, equal, first bad, problem. */
  static String[] cells(Comparison comparison) {
    String[] cells = new String[10];
    cells[0] = comparison.tensor();
    if (comparison.measurement().isPresent()) {
      Measurement measured = comparison.measurement().get();
      cells[1] = format("%.2e", measured.maxAbs());
      cells[2] = format("%.2e", comparison.allowed());
      cells[3] = format("%.2e", measured.maxRel());
      cells[4] = format("%.2e", measured.meanAbs());
      cells[5] = format("%.6f", measured.cosine());
      cells[6] = format("%.1f dB", measured.psnr());
      cells[7] = equal(measured);
    }
    cells[8] = comparison.firstBad().map(Comparison.BadValue::toString).orElse("");
    cells[9] = comparison.problem().orElse("");
    return cells;
  }

  /** All figures of a check, in short. */
  static String line(Outcome outcome) {
    return outcome.figures().stream().map(Figures::line).collect(Collectors.joining("; "));
  }

  /** Ids and the like are counted, other values measured. */
  private static String line(Comparison comparison) {
    boolean counted = comparison.allowed() == 0 && comparison.measurement().isPresent();
    return counted
        ? comparison.tensor() + " " + equal(comparison.measurement().get()) + " equal"
        : comparison.toString();
  }

  private static String equal(Measurement measured) {
    return measured.equal() + " of " + measured.count();
  }

  private static String format(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
