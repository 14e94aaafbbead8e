package dev.showo2.backend.tensorrt.internal.nvinfer;

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
}
