package dev.showo2.samples.cli;

import dev.showo2.export.ExportListener;
import java.util.Set;

/**
 * Shows what an export does: phases as lines, and while weights pass, first for the calibration and
 * then to be written, how many have, where it is, and how long it will still take.
 */
final class ExportProgress implements ExportListener, AutoCloseable {

  /** First words of the phases in which weights pass; what they are busy with comes behind. */
  private static final Set<String> TASKS = Set.of("calibrating", "writing");

  private final CliContext context;
  private String task = "writing";
  private String part = "";
  private Progress shown;

  ExportProgress(CliContext context) {
    this.context = context;
  }

  @Override
  public void phase(String what) {
    Interruption.check();
    String[] words = what.split(" ", 2);
    boolean known = TASKS.contains(words[0]) && words.length == 2;
    if (shown == null) {
      context.note(what);
    } else if (known) {
      shown.at(words[1]);
    }
    if (known) {
      task = words[0];
      part = words[1];
    }
  }

  @Override
  public void warning(String text) {
    context.note("warning: " + text);
  }

  @Override
  public void progress(long done, long total) {
    if (shown == null) {
      shown = Progress.start(context, task, Progress.Unit.BYTES, total);
      if (!part.isEmpty()) {
        shown.at(part);
      }
    }
    shown.to(done);
    if (done == total) {
      close();
    }
  }

  @Override
  public void close() {
    if (shown != null) {
      shown.close();
      shown = null;
    }
  }
}
