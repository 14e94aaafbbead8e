package dev.showo2.samples.cli;

import dev.showo2.export.ExportListener;
import java.util.Set;

/**
 * Shows what is done: phases as lines, and while weights go by how many there are, for which file
 * or stage, and how long it will still take.
 */
final class ExportProgress implements ExportListener, AutoCloseable {

  /** First words of the phases in which weights go by. */
  private static final Set<String> TASKS = Set.of("calibrating", "writing");

  private final Surroundings surroundings;
  private String task = "writing";
  private String place;
  private Progress weights;

  ExportProgress(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public void phase(String what) {
    Interruption.check();
    int space = what.indexOf(' ');
    boolean known = space > 0 && TASKS.contains(what.substring(0, space));
    place = known ? what.substring(space + 1) : null;
    if (known) {
      task = what.substring(0, space);
    }
    if (weights == null) {
      surroundings.note(what);
    } else if (known) {
      weights.at(place);
    }
  }

  @Override
  public void progress(long done, long total) {
    if (weights == null) {
      weights = Progress.start(surroundings, task, Progress.Unit.BYTES, total);
      if (place != null) {
        weights.at(place);
      }
    }
    weights.to(done);
    if (done == total) {
      close();
    }
  }

  @Override
  public void close() {
    if (weights != null) {
      weights.close();
      weights = null;
    }
  }
}
