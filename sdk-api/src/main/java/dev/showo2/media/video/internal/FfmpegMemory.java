package dev.showo2.media.video.internal;

import static org.bytedeco.ffmpeg.global.avformat.AVIO_SEEKABLE_NORMAL;
import static org.bytedeco.ffmpeg.global.avformat.avio_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avio_context_free;
import static org.bytedeco.ffmpeg.global.avutil.av_free;
import static org.bytedeco.ffmpeg.global.avutil.av_malloc;

import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.Read_packet_Pointer_BytePointer_int;
import org.bytedeco.ffmpeg.avformat.Seek_Pointer_long_int;
import org.bytedeco.ffmpeg.avformat.Write_packet_Pointer_BytePointer_int;
import org.bytedeco.javacpp.BytePointer;

/**
 * A file in memory that FFmpeg reads.
 *
 * <p>All bytes are the buffer of a context that has nothing to fill it from: FFmpeg seeks within
 * the buffer and finds the end of the file after it. Nothing calls back into Java, and nothing is
 * allocated by JavaCPP; see {@link FfmpegUrl}.
 */
final class FfmpegMemory implements AutoCloseable {

  /** FFmpeg reads beyond the end by so much, in case the buffer is handed to a decoder. */
  private static final int PADDING = 64;

  private final AVIOContext context;

  FfmpegMemory(byte[] bytes) {
    BytePointer buffer = new BytePointer(av_malloc((long) bytes.length + PADDING));
    if (buffer.isNull()) {
      throw noMemory(bytes.length);
    }
    buffer.put(bytes, 0, bytes.length);
    for (int i = 0; i < PADDING; i++) {
      buffer.put(bytes.length + (long) i, (byte) 0);
    }
    context =
        avio_alloc_context(
            buffer,
            bytes.length,
            0,
            null,
            (Read_packet_Pointer_BytePointer_int) null,
            (Write_packet_Pointer_BytePointer_int) null,
            (Seek_Pointer_long_int) null);
    if (context == null) {
      av_free(buffer);
      throw noMemory(bytes.length);
    }
    context.buf_end(buffer.getPointer(bytes.length));
    context.pos(bytes.length);
    context.seekable(AVIO_SEEKABLE_NORMAL);
  }

  private static OutOfMemoryError noMemory(int bytes) {
    return new OutOfMemoryError("no memory for a file of " + bytes + " bytes");
  }

  AVIOContext context() {
    return context;
  }

  @Override
  public void close() {
    // FFmpeg replaces the buffer while it finds out the format.
    av_free(context.buffer());
    avio_context_free(context);
  }
}
