package dev.showo2.samples.demo;

import dev.showo2.export.ExportListener;

/** Receives notes and progress while the demo model's bundle is made ready. */
public interface DemoListener extends ExportListener {

  /** For those who do not want to know. */
  DemoListener QUIET = new DemoListener() {};

  /**
   * Something that takes the user's time: the bundle is made, mended or waited for.
   *
   * @param what what happens, for people
   */
  default void note(String what) {}
}
