package dev.showo2.samples.cli;

import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A bar that is drawn over and over on one line. */
final class BarProgress implements Progress {

  /** Fits the narrowest of usual terminals; asking for the width would load a native library. */
  private static final int COLUMNS = 79;

  private static final int INTERVAL_MILLISECONDS = 100;

  private final CliContext surroundings;
  private final ProgressBar bar;

  BarProgress(CliContext surroundings, String task, Unit unit, long total) {
    this.surroundings = surroundings;
    bar =
        new ProgressBarBuilder()
            .setTaskName(task)
            .setInitialMax(total)
            .setUnit(unit.name, unit.size)
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(INTERVAL_MILLISECONDS)
            .setConsumer(new DelegatingProgressBarConsumer(this::draw, COLUMNS))
            .build();
  }

  private void draw(String line) {
    surroundings.err().print("\r" + line);
    surroundings.err().flush();
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
    surroundings.note("");
  }
}
