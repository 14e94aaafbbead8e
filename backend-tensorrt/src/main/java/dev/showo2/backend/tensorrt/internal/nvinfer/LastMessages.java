package dev.showo2.backend.tensorrt.internal.nvinfer;

import java.util.ArrayDeque;
import java.util.Deque;

/** The last errors that TensorRT reported, few and short. Thread-safe. */
final class LastMessages {

  static final int COUNT = 12;
  static final int LENGTH = 1_000;

  private final Deque<String> messages = new ArrayDeque<>();

  synchronized void add(String message) {
    String line = message.strip().replaceAll("\\s*\\R\\s*", " ");
    if (messages.size() == COUNT) {
      messages.removeFirst();
    }
    messages.addLast(line.length() > LENGTH ? line.substring(0, LENGTH) + "…" : line);
  }

  /** All messages in one line, and forgets them. */
  synchronized String take() {
    String all = String.join("; ", messages);
    messages.clear();
    return all;
  }
}
