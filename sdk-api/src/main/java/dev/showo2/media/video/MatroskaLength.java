package dev.showo2.media.video;

import dev.showo2.error.InvalidRequestException;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Compares the length of a Matroska or WebM file with the length that it states. FFmpeg takes the
 * end of a truncated file for the end of the video. In MP4 the tables of samples tell it; see
 * {@link FfmpegDemuxer}.
 */
final class MatroskaLength {

  private static final int MATROSKA = 0x1a45dfa3;
  private static final int SEGMENT = 0x18538067;

  private static final int BEGINNING = 4096;
  private static final long UNKNOWN = -1;

  private MatroskaLength() {}

  /**
   * Fails if a file is shorter than it states; files of other containers pass.
   *
   * @throws InvalidRequestException if the file is too short
   * @throws IOException if it cannot be read
   */
  static void require(Path file) throws IOException {
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      require(file, channel);
    }
  }

  static void require(Path file, SeekableByteChannel channel) throws IOException {
    long claimed = matroska(read(channel));
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

  private static ByteBuffer read(SeekableByteChannel channel) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(BEGINNING);
    while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
      // As much as there is.
    }
    return buffer.flip();
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
