package dev.showo2.samples.cli;

import dev.showo2.export.ExportListener;

/**
 * Shows what is written: phases as lines, and from the first weights to the last how many there
 * are, in which file, and how long it will still take.
 */
final class ExportProgress implements ExportListener, AutoCloseable {

  private static final String TASK = "writing";

  private final Surroundings surroundings;
  private String file;
  private Progress writing;

  ExportProgress(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public void phase(String what) {
    Interruption.check();
    file = what.startsWith(TASK + " ") ? what.substring(TASK.length() + 1) : null;
    if (writing == null) {
      surroundings.note(what);
    } else if (file != null) {
      writing.at(file);
    }
  }

  @Override
  public void progress(long done, long total) {
    if (writing == null) {
      writing = Progress.start(surroundings, TASK, Progress.Unit.BYTES, total);
      if (file != null) {
        writing.at(file);
      }
    }
    writing.to(done);
    if (done == total) {
      close();
    }
  }

  @Override
  public void close() {
    if (writing != null) {
      writing.close();
      writing = null;
    }
  }
}
