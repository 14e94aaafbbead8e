package dev.showo2.export;

import org.apiguardian.api.API;

/**
 * Callback for the progress of an export. Called on the exporting thread; should return quickly.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface ExportListener {

  /** Ignores all events. */
  ExportListener NONE = new ExportListener() {};

  /**
   * A phase begins, such as "writing backbone.safetensors".
   *
   * @param what the phase, for people
   */
  default void phase(String what) {}

  /**
   * Something that the user should know though it does not end the export, such as a precision that
   * is slow on this processor.
   *
   * @param text for people
   */
  default void warning(String text) {}

  /**
   * Weights were written.
   *
   * @param done bytes so far, over all files
   * @param total bytes that there will be
   */
  default void progress(long done, long total) {}
}
