package dev.showo2.samples.cli;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** An estimate of the remaining time of a piece of work that goes on as fast as so far. */
final class RemainingTime {

  /** What the first moments tell is mostly wrong. */
  private static final long FIRST_NANOSECONDS = TimeUnit.SECONDS.toNanos(1);

  private final LongSupplier clock;
  private final long start;

  RemainingTime() {
    this(System::nanoTime);
  }

  /**
   * @param clock nanoseconds
   */
  RemainingTime(LongSupplier clock) {
    this.clock = clock;
    this.start = clock.getAsLong();
  }

  /** Such as {@code , 1:05 left}; empty while nobody can tell, and at the end. */
  String text(long done, long total) {
    long passed = clock.getAsLong() - start;
    if (passed < FIRST_NANOSECONDS || done <= 0 || done >= total) {
      return "";
    }
    double left = (double) passed * (total - done) / done;
    return ", " + clockTime(Math.round(left / TimeUnit.SECONDS.toNanos(1))) + " left";
  }

  /** Such as {@code 0:07} or {@code 1:00:00}. */
  static String clockTime(long seconds) {
    return seconds < 3600
        ? String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60)
        : String.format(
            Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
  }
}
