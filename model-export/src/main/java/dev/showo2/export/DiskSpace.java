package dev.showo2.export;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds out before a long export whether its result will fit. */
final class DiskSpace {

  /** Graphs, tokenizer and manifest, generously. */
  private static final long BESIDE_WEIGHTS = 64L << 20;

  private static final long MIB = 1 << 20;

  private DiskSpace() {}

  /**
   * @param folder in which the bundle grows
   */
  static void require(Path folder, long weightBytes) throws IOException {
    long needed = weightBytes + BESIDE_WEIGHTS;
    long free = Files.getFileStore(folder).getUsableSpace();
    if (free < needed) {
      throw new IOException(
          "the bundle needs "
              + (needed / MIB + 1)
              + " MiB in "
              + folder.getParent()
              + ", "
              + (free / MIB)
              + " MiB are free; make room, or name a folder on another disk");
    }
  }
}
