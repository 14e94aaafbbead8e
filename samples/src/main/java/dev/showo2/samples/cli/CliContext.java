package dev.showo2.samples.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Path;

/**
 * The streams, terminals and cache folder that commands use; tests give them others.
 *
 * @param in what the user or a program says meanwhile
 * @param out results, and nothing else
 * @param err notes, progress and errors
 * @param inIsTerminal whether somebody types
 * @param outIsTerminal whether somebody watches the results as they come
 * @param errIsTerminal whether a line of {@code err} can be drawn over
 * @param stackTraces whether every error is shown with its stack trace
 * @param demoCache where the demo model's bundle is kept
 */
record CliContext(
    InputStream in,
    PrintWriter out,
    PrintWriter err,
    boolean inIsTerminal,
    boolean outIsTerminal,
    boolean errIsTerminal,
    boolean stackTraces,
    DemoCache demoCache) {

  /** Finds the cache folder when it is needed, since there may be none. */
  interface DemoCache {
    Path folder() throws IOException;
  }

  /** The same with notes and progress going elsewhere, and results in one piece. */
  CliContext withoutNotes(PrintWriter elsewhere) {
    return new CliContext(in, out, elsewhere, inIsTerminal, false, false, stackTraces, demoCache);
  }

  void note(String what) {
    err.println(what);
    err.flush();
  }
}
