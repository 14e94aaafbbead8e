package dev.showo2.samples.cli;

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
  static Progress start(CliContext surroundings, String task, Unit unit, long total) {
    return surroundings.errIsTerminal()
        ? new BarProgress(surroundings, task, unit, total)
        : new LineProgress(surroundings, task, unit, total, new RemainingTime());
  }

  /** What is counted. */
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
}
