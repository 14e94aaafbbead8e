package dev.showo2.media.video;

import dev.showo2.error.InvalidRequestException;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Compares the length of a video file with the length that its container states. FFmpeg takes the
 * end of a truncated file for the end of the video, always in Matroska (WebM) and in MP4 where the
 * cut is between two frames.
 */
final class ContainerLength {

  private static final int MATROSKA = 0x1a45dfa3;
  private static final int SEGMENT = 0x18538067;
  private static final int FTYP = 0x66747970;
  private static final int MOOV = 0x6d6f6f76;
  private static final int MOOF = 0x6d6f6f66;
  private static final int MDAT = 0x6d646174;

  /** Fragmented files have about two boxes for every second; later ones are not read. */
  private static final int MAX_BOXES = 20_000;

  private static final int BEGINNING = 4096;
  private static final long UNKNOWN = -1;

  private ContainerLength() {}

  /**
   * Fails if a file is shorter than its container states.
   *
   * @throws InvalidRequestException if the file is too short
   * @throws IOException if it cannot be read
   */
  static void require(Path file) throws IOException {
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      ByteBuffer beginning = read(channel, 0, BEGINNING);
      long claimed = UNKNOWN;
      if (beginning.remaining() >= 8) {
        if (beginning.getInt(0) == MATROSKA) {
          claimed = matroska(beginning);
        } else if (beginning.getInt(4) == FTYP) {
          claimed = boxes(channel);
        }
      }
      if (channel.size() < claimed) {
        throw new InvalidRequestException(
            file
                + " is a video of at least "
                + claimed
                + " bytes that was truncated to "
                + channel.size()
                + "; get it whole");
      }
    }
  }

  private static ByteBuffer read(SeekableByteChannel channel, long position, int count)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(count);
    channel.position(position);
    while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
      // As much as there is.
    }
    return buffer.flip();
  }

  /** The end of the last box of an MP4 or MOV. */
  private static long boxes(SeekableByteChannel channel) throws IOException {
    long position = 0;
    for (int i = 0; i < MAX_BOXES; i++) {
      ByteBuffer box = read(channel, position, 16);
      if (box.remaining() < 8) {
        return UNKNOWN;
      }
      long length = Integer.toUnsignedLong(box.getInt(0));
      if (length == 1 && box.remaining() == 16) {
        length = box.getLong(8);
      }
      if (length < 8 || length > Long.MAX_VALUE - position) { // 0 is: to the end of the file
        return UNKNOWN;
      }
      position += length;
      if (position > channel.size()) {
        int type = box.getInt(4);
        // Anything else may be data that some program appended after the last box.
        return type == MOOV || type == MOOF || type == MDAT ? position : UNKNOWN;
      }
    }
    return UNKNOWN;
  }

  /** The end of the segment; unknown for videos that were written as a stream. */
  private static long matroska(ByteBuffer beginning) {
    try {
      if (beginning.getInt() != MATROSKA) {
        return UNKNOWN;
      }
      long header = size(beginning);
      if (header < 0 || header > beginning.remaining()) {
        return UNKNOWN;
      }
      beginning.position(beginning.position() + (int) header);
      if (beginning.getInt() != SEGMENT) {
        return UNKNOWN;
      }
      long segment = size(beginning);
      return segment == UNKNOWN ? UNKNOWN : beginning.position() + segment;
    } catch (BufferUnderflowException e) {
      return UNKNOWN; // truncated here already, which FFmpeg does find
    }
  }

  /** A number whose leading zeros are the number of following bytes; all ones mean unknown. */
  private static long size(ByteBuffer buffer) {
    int first = buffer.get() & 0xff;
    int following = Integer.numberOfLeadingZeros(first) - 24;
    if (following > 7) {
      return UNKNOWN;
    }
    long value = first & (0x7f >> following);
    long ones = 0x7f >> following;
    for (int i = 0; i < following; i++) {
      value = value << 8 | buffer.get() & 0xff;
      ones = ones << 8 | 0xff;
    }
    return value == ones ? UNKNOWN : value;
  }
}
