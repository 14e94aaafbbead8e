package dev.showo2.conformance.golden.record;

import org.apiguardian.api.API;

/**
 * Is told how a recording gets on, in the thread that records. Whatever a method throws ends the
 * recording, and nothing of it is left.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface RecordListener {

  /** Takes no notice. */
  RecordListener NONE = new RecordListener() {};

  /**
   * A case begins.
   *
   * @param name the name of the case
   * @param index from 0
   * @param count of all cases that will be recorded
   */
  default void recording(String name, int index, int count) {}

  /**
   * A case is written.
   *
   * @param name the name of the case
   * @param bytes of its file
   */
  default void recorded(String name, long bytes) {}
}
