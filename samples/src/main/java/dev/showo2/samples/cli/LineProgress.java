package dev.showo2.samples.cli;

/** A line whenever another tenth is done: enough to see, and little enough for a log. */
final class LineProgress implements Progress {

  private static final int LINES = 10;

  private final CliContext surroundings;
  private final String task;
  private final Unit unit;
  private final long total;
  private final RemainingTime remaining;
  private String part = "";
  private long shown;

  LineProgress(
      CliContext surroundings, String task, Unit unit, long total, RemainingTime remaining) {
    this.surroundings = surroundings;
    this.task = task;
    this.unit = unit;
    this.total = total;
    this.remaining = remaining;
  }

  @Override
  public void at(String what) {
    part = " " + what;
  }

  @Override
  public void to(long done) {
    long tenths = total == 0 ? LINES : LINES * done / total;
    if (tenths > shown) {
      shown = tenths;
      surroundings.note(task + part + ": " + unit.text(done, total) + left(done));
    }
  }

  /** Steps come one by one, so they tell enough themselves. */
  private String left(long done) {
    return unit == Unit.BYTES ? remaining.text(done, total) : "";
  }

  @Override
  public void close() {
    // Every line is complete already.
  }
}
