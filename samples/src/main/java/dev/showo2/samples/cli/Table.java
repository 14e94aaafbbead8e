package dev.showo2.samples.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Text in columns: the first to the left, numbers to the right. */
final class Table {

  private static final String[] UNITS = {"KiB", "MiB", "GiB", "TiB"};

  private final List<String[]> rows = new ArrayList<>();

  Table row(String left, String right) {
    rows.add(new String[] {left, right});
    return this;
  }

  @Override
  public String toString() {
    int left = rows.stream().mapToInt(row -> row[0].length()).max().orElse(0);
    int right = rows.stream().mapToInt(row -> row[1].length()).max().orElse(0);
    StringBuilder text = new StringBuilder();
    for (String[] row : rows) {
      text.append("  ").append(row[0]).append(" ".repeat(left - row[0].length() + 2));
      text.append(" ".repeat(right - row[1].length())).append(row[1]);
      text.append(System.lineSeparator());
    }
    return text.toString();
  }

  /** A number of bytes for people, such as {@code 12.5 MiB}. */
  static String bytes(long count) {
    if (count < 1024) {
      return count + " bytes";
    }
    double scaled = count / 1024.0;
    int unit = 0;
    while (scaled >= 1024 && unit < UNITS.length - 1) {
      scaled /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %s", scaled, UNITS[unit]);
  }
}
