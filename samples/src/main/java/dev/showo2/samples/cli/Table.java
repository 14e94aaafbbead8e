package dev.showo2.samples.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Text in columns: the first to the left, numbers to the right. */
final class Table {

  private static final String[] UNITS = {"KiB", "MiB", "GiB", "TiB"};

  private final List<String[]> rows = new ArrayList<>();

  /** The first cell is set flush left, the others right. All rows have as many. */
  Table row(String... cells) {
    rows.add(cells);
    return this;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (String[] row : rows) {
      StringBuilder line = new StringBuilder("  " + row[0]);
      line.append(" ".repeat(width(0) - row[0].length()));
      for (int column = 1; column < row.length; column++) {
        line.append(" ".repeat(2 + width(column) - row[column].length())).append(row[column]);
      }
      text.append(line.toString().stripTrailing()).append(System.lineSeparator());
    }
    return text.toString();
  }

  private int width(int column) {
    return rows.stream().mapToInt(row -> row[column].length()).max().orElse(0);
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
