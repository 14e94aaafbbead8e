package dev.showo2.samples.cli;

/** A line whenever another tenth is done: enough to see, and little enough for a log. */
final class LineProgress implements Progress {

  private static final int LINES = 10;

  private final Surroundings surroundings;
  private final String task;
  private final Unit unit;
  private final long total;
  private long shown;

  LineProgress(Surroundings surroundings, String task, Unit unit, long total) {
    this.surroundings = surroundings;
    this.task = task;
    this.unit = unit;
    this.total = total;
  }

  @Override
  public void to(long done) {
    long tenths = total == 0 ? LINES : LINES * done / total;
    if (tenths > shown) {
      shown = tenths;
      surroundings.note(task + ": " + unit.text(done, total));
    }
  }

  @Override
  public void close() {
    // Every line is complete already.
  }
}
