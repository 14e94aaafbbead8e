package dev.showo2.export;

import org.apiguardian.api.API;

/** Is told how an export gets on. Called on the exporting thread; should return quickly. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface ExportListener {

  /** For those who do not want to know. */
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
