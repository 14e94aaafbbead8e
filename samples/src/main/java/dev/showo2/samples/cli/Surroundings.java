package dev.showo2.samples.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;

/**
 * What the commands have around them; tests give them other surroundings.
 *
 * @param out results, and nothing else
 * @param err notes, progress and errors
 * @param outIsTerminal whether somebody watches the results as they come
 * @param errIsTerminal whether a line of {@code err} can be drawn over
 * @param stackTraces whether every error is shown with its stack trace
 * @param demoCache where the demo model's bundle is kept
 */
record Surroundings(
    PrintWriter out,
    PrintWriter err,
    boolean outIsTerminal,
    boolean errIsTerminal,
    boolean stackTraces,
    DemoCache demoCache) {

  /** Finds the cache folder when it is needed, since there may be none. */
  interface DemoCache {
    Path folder() throws IOException;
  }

  void note(String what) {
    err.println(what);
    err.flush();
  }
}
