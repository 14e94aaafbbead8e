package dev.showo2.export.internal.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apiguardian.api.API;

/** Finds out before long writing whether its result will fit. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class DiskSpace {

  /** Graphs, tokenizer and manifest, generously. */
  private static final long BESIDE_WEIGHTS = 64L << 20;

  private static final long MIB = 1 << 20;

  private DiskSpace() {}

  /**
   * @param folder in which the result grows
   * @param what it will be, for the message
   * @throws IOException if there is too little space
   */
  public static void require(Path folder, String what, long weightBytes) throws IOException {
    long needed = weightBytes + BESIDE_WEIGHTS;
    long free = Files.getFileStore(folder).getUsableSpace();
    if (free < needed) {
      throw new IOException(
          "the "
              + what
              + " needs "
              + (needed / MIB + 1)
              + " MiB in "
              + folder.getParent()
              + ", "
              + (free / MIB)
              + " MiB are free; make room, or name a folder on another disk");
    }
  }
}
