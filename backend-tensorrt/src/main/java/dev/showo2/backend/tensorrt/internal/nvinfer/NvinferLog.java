package dev.showo2.backend.tensorrt.internal.nvinfer;

import java.util.ArrayDeque;
import java.util.Deque;
import org.bytedeco.tensorrt.nvinfer.ILogger;

/**
 * The log of all objects of TensorRT in this process: the library keeps the first one that it is
 * given, and calls it from threads of its own as long as any of its objects is there.
 */
final class NvinferLog extends ILogger {

  /** Never given up, since the library holds its address. */
  static final NvinferLog INSTANCE = new NvinferLog();

  private static final System.Logger LOGGER = System.getLogger(NvinferLog.class.getName());

  private final LastMessages messages = new LastMessages();

  private NvinferLog() {}

  /** What was reported as an error since the last call. */
  String take() {
    return messages.take();
  }

  @Override
  public void log(Severity severity, String message) {
    try {
      // What comes from native code has a value, but neither name nor ordinal.
      switch (severity.intern()) {
        case kINTERNAL_ERROR, kERROR -> {
          messages.add(message);
          LOGGER.log(System.Logger.Level.DEBUG, message);
        }
        case kWARNING, kINFO -> LOGGER.log(System.Logger.Level.DEBUG, message);
        default -> LOGGER.log(System.Logger.Level.TRACE, message);
      }
    } catch (Throwable e) {
      // The caller is native code, which no exception may pass.
      messages.add("the log failed: " + e);
    }
  }

  /** The last errors that TensorRT reported, few and short. Thread-safe. */
  private static final class LastMessages {

    private static final int COUNT = 12;
    private static final int LENGTH = 1_000;

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
}
