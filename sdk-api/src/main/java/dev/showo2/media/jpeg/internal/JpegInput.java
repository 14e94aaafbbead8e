package dev.showo2.media.jpeg.internal;

import java.io.EOFException;

/** The bytes of a file, and the marker at which entropy-coded data ended. */
final class JpegInput {

  private static final int TEMPORARY = 0x01;
  private static final int FIRST_RESTART = 0xd0;
  private static final int LAST_RESTART = 0xd7;
  private static final int FIRST_FRAME = 0xc0;

  private final byte[] file;
  private int at;

  /** The code of a marker that was found and not yet dealt with; 0 if there is none. */
  private int marker;

  /**
   * @param file that begins with the marker of its start
   */
  JpegInput(byte[] file) {
    this(file, 2);
  }

  private JpegInput(byte[] file, int at) {
    this.file = file;
    this.at = at;
  }

  /** The same file from here on, read independently of this input. */
  JpegInput fork() {
    return new JpegInput(file, at);
  }

  /**
   * Goes to the marker behind entropy-coded data.
   *
   * @param restarts whether the data goes on behind markers that may be damaged restart markers
   * @return false if the file ends before
   */
  boolean skipEntropyCoded(boolean restarts) {
    for (; at + 1 < file.length; at++) {
      int code = file[at + 1] & 0xff;
      if (file[at] == (byte) 0xff
          && code != 0
          && code != 0xff
          && !isRestart(code)
          && (code >= FIRST_FRAME || !restarts)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isRestart(int code) {
    return code >= FIRST_RESTART && code <= LAST_RESTART;
  }

  boolean isAtEnd() {
    return marker == 0 && at >= file.length;
  }

  /** Reads a byte of entropy-coded data; -1 at a marker and at the end of the file. */
  int entropyByte() {
    if (marker != 0 || at >= file.length) {
      return -1;
    }
    int next = file[at++] & 0xff;
    if (next != 0xff) {
      return next;
    }
    while (at < file.length) {
      int code = file[at++] & 0xff;
      if (code == 0) {
        return 0xff; // stuffed
      }
      if (code != 0xff) {
        marker = code;
        return -1;
      }
    }
    return -1;
  }

  /** Finds the next marker, and leaves out what is none. */
  int nextMarker() throws EOFException {
    int found = peekMarker();
    marker = 0;
    return found;
  }

  private int peekMarker() throws EOFException {
    while (marker == 0) {
      while (unsignedByte() != 0xff) {
        // Bytes between segments have no meaning.
      }
      int code;
      do {
        code = unsignedByte();
      } while (code == 0xff);
      marker = code;
    }
    return marker;
  }

  /**
   * Goes on behind a restart marker. If another marker is found, it is decided as in libjpeg
   * whether it is taken for the expected one or data is missing before it.
   *
   * @param expected number of the restart marker, 0 to 7
   * @return whether data follows; if not, the marker was left for later
   */
  boolean restart(int expected) throws EOFException {
    while (true) {
      int found = peekMarker();
      int ahead = found - FIRST_RESTART - expected & 7;
      boolean isRestart = isRestart(found);
      if (isRestart ? ahead == 1 || ahead == 2 : found >= FIRST_FRAME) {
        return false;
      }
      marker = 0;
      if (isRestart && ahead != 6 && ahead != 7) {
        return true;
      }
    }
  }

  /** Whether a marker was found that ends entropy-coded data, and is not yet dealt with. */
  boolean isAtSegment() {
    return marker >= FIRST_FRAME && !isRestart(marker);
  }

  /** Whether a known marker is next, apart from restart markers. */
  boolean isBeforeSegment() throws EOFException {
    int next = nextMarker();
    while (isRestart(next) || next == TEMPORARY) {
      next = nextMarker();
    }
    return next >= FIRST_FRAME;
  }

  int unsignedByte() throws EOFException {
    if (at >= file.length) {
      throw new EOFException("the file ends between its segments");
    }
    return file[at++] & 0xff;
  }

  int unsignedShort() throws EOFException {
    return unsignedByte() << 8 | unsignedByte();
  }

  /** Reads the length of a segment and returns where it ends. */
  int segmentEnd() throws EOFException, CorruptJpegException {
    int length = unsignedShort();
    if (length < 2) {
      throw new CorruptJpegException("a segment has a length of " + length);
    }
    if (length - 2 > file.length - at) {
      throw new EOFException("the file ends within a segment");
    }
    return at + length - 2;
  }

  int position() {
    return at;
  }

  void position(int position) {
    at = position;
  }

  byte[] file() {
    return file;
  }
}
