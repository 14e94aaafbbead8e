package dev.showo2.samples.cli;

import dev.showo2.export.ExportListener;

/** Shows an export: its phases as lines, the weights that are written as progress. */
final class ExportProgress implements ExportListener, AutoCloseable {

  private final Surroundings surroundings;
  private Progress writing;

  ExportProgress(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public void phase(String what) {
    Interruption.check();
    if (writing == null) {
      surroundings.note(what);
    }
  }

  @Override
  public void progress(long done, long total) {
    if (writing == null) {
      writing = Progress.start(surroundings, "writing", Progress.Unit.BYTES, total);
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
