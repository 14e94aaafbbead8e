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
   * Weights were written.
   *
   * @param done bytes so far, over all files
   * @param total bytes that there will be
   */
  default void progress(long done, long total) {}
}
