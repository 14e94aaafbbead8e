package dev.showo2.samples.cli;

import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Shows how far a piece of work is: a bar on a terminal, a few lines elsewhere. */
interface Progress extends AutoCloseable {

  /**
   * @param done so far, in units
   */
  void to(long done);

  /**
   * @param what the part that is being done, such as the name of a file
   */
  void at(String what);

  /** Leaves what was shown, and the cursor at the start of a line. */
  @Override
  void close();

  /**
   * @param task such as "drawing"
   * @param total units that there will be
   */
  static Progress start(CliContext context, String task, Unit unit, long total) {
    int columns = context.errIsTerminal() ? Terminal.columns() : 0;
    return columns >= BarProgress.LEAST_COLUMNS
        ? new BarProgress(context, task, unit, total, columns)
        : new LineProgress(context, task, unit, total, new RemainingTime());
  }

  /** The unit that is counted. */
  enum Unit {
    STEPS("", 1) {
      @Override
      String text(long done, long total) {
        return "step " + done + " of " + total;
      }
    },
    BYTES(" MiB", 1 << 20) {
      @Override
      String text(long done, long total) {
        return Table.bytes(done) + " of " + Table.bytes(total);
      }
    };

    final String name;
    final long size;

    Unit(String name, long size) {
      this.name = name;
      this.size = size;
    }

    abstract String text(long done, long total);
  }

  /** A bar that is drawn over and over on one line of the terminal. */
  final class BarProgress implements Progress {

    /** In fewer a bar says less than lines do. */
    static final int LEAST_COLUMNS = 30;

    /** More makes a bar no clearer. */
    private static final int MOST_COLUMNS = 80;

    private static final int INTERVAL_MILLISECONDS = 100;

    private final CliContext context;
    private final ProgressBar bar;

    /**
     * @param columns of the terminal; a bar that takes the last one wraps in some
     */
    BarProgress(CliContext context, String task, Unit unit, long total, int columns) {
      this.context = context;
      bar =
          new ProgressBarBuilder()
              .setTaskName(task)
              .setInitialMax(total)
              .setUnit(unit.name, unit.size)
              .setStyle(ProgressBarStyle.ASCII)
              .setUpdateIntervalMillis(INTERVAL_MILLISECONDS)
              .setConsumer(
                  new DelegatingProgressBarConsumer(
                      this::draw, Math.min(MOST_COLUMNS, columns) - 1))
              .build();
    }

    private void draw(String line) {
      context.err().print("\r" + line);
      context.err().flush();
    }

    @Override
    public void at(String what) {
      bar.setExtraMessage(what);
    }

    @Override
    public void to(long done) {
      bar.stepTo(done);
    }

    @Override
    public void close() {
      bar.close();
      context.note("");
    }
  }

  /** A line whenever another tenth is done: enough to see, and little enough for a log. */
  final class LineProgress implements Progress {

    private static final int LINES = 10;

    private final CliContext context;
    private final String task;
    private final Unit unit;
    private final long total;
    private final RemainingTime remaining;
    private String part = "";
    private long shown;

    LineProgress(CliContext context, String task, Unit unit, long total, RemainingTime remaining) {
      this.context = context;
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
        context.note(task + part + ": " + unit.text(done, total) + left(done));
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
}
