package dev.showo2.backend.tensorrt.internal.engines;

import java.util.ArrayDeque;
import java.util.Deque;

/** The last lines that a process has printed, for the message of its end. Thread-safe. */
final class OutputTail {

  private static final int LINES = 12;
  private static final int LINE_LIMIT = 400;

  private final Deque<String> lines = new ArrayDeque<>();

  synchronized void add(String line) {
    if (line.isBlank()) {
      return;
    }
    if (lines.size() == LINES) {
      lines.removeFirst();
    }
    lines.add(line.length() <= LINE_LIMIT ? line : line.substring(0, LINE_LIMIT) + "...");
  }

  /** {@return the lines as the end of a message; empty if there were none} */
  synchronized String text() {
    return lines.isEmpty() ? "" : "; its last lines were:\n" + String.join("\n", lines);
  }
}
