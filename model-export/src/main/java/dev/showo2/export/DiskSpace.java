package dev.showo2.export;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds out before a long export whether its result will fit. */
final class DiskSpace {

  /** Graphs, tokenizer and manifest, generously. */
  private static final long BESIDE_WEIGHTS = 64L << 20;

  private DiskSpace() {}

  static void require(Path folder, long weightBytes) throws IOException {
    long needed = weightBytes + BESIDE_WEIGHTS;
    long free = Files.getFileStore(folder).getUsableSpace();
    if (free < needed) {
      throw new IOException(
          "the bundle needs "
              + (needed >> 20)
              + " MiB in "
              + folder.getParent()
              + ", "
              + (free >> 20)
              + " MiB are free");
    }
  }
}
