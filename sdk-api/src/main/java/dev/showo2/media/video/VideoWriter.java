package dev.showo2.media.video;

import dev.showo2.error.InsufficientMemoryException;
import dev.showo2.error.InvalidRequestException;
import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.error.internal.Interruptions;
import dev.showo2.media.internal.PendingFile;
import dev.showo2.media.video.internal.Ffmpeg;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.apiguardian.api.API;

/**
 * Writes a video frame by frame. The extension of the file's name determines the format: {@code
 * .mp4} (H.264) and {@code .webm} (VP9) with FFmpeg, which the application adds (see the package);
 * {@code .gif} (looping) and a name without an extension (a folder with frame-0001.png and so on)
 * with the JDK alone.
 *
 * <pre>{@code
 * try (VideoWriter video = VideoWriter.create(Path.of("circle.mp4"))) {
 *   model.textToVideo().generate(request, video);
 *   video.finish();
 * }
 * }</pre>
 *
 * <p>The file appears, complete, when {@link #finish} returns. If it is not called, because a frame
 * could not be generated or for any other reason, closing leaves nothing behind and an existing
 * file stays as it was. Memory does not grow with the number of frames.
 *
 * <p>MP4, WebM and GIF are lossy: MP4 and WebM store colors at half the resolution, a GIF has 256
 * colors a frame. MP4 supports no odd sizes; the last column or row is then repeated. A folder
 * keeps every pixel. Not thread-safe.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class VideoWriter implements FrameSink, AutoCloseable {

  private enum State {
    OPEN,
    FAILED,
    FINISHED,
    CLOSED
  }

  private final Path file;
  private final VideoFormat format;
  private final double frameRate;
  private final PendingFile pending;

  private State state = State.OPEN;
  private FrameEncoder encoder;
  private int width;
  private int height;
  private int count;

  private VideoWriter(Path file, VideoFormat format, double frameRate, PendingFile pending) {
    this.file = file;
    this.format = format;
    this.frameRate = frameRate;
    this.pending = pending;
  }

  /**
   * Starts a video at {@link FrameSource#DEFAULT_FRAME_RATE}; otherwise as {@link #create(Path,
   * double)}.
   *
   * @param file replaced if it exists; a folder must be new or empty
   * @return the writer, to be closed by the caller
   */
  public static VideoWriter create(Path file) {
    return create(file, FrameSource.DEFAULT_FRAME_RATE);
  }

  /**
   * Starts a video: checks all that is known before the first frame; nothing is written yet.
   *
   * @param file replaced if it exists; a folder must be new or empty
   * @param frameRate in frames a second, from 0.01 to 1000, for a GIF up to 50
   * @return the writer, to be closed by the caller
   * @throws InvalidRequestException if the extension is another one, the directory is missing, it
   *     is no plain file, or the rate is out of range
   * @throws UnsupportedFeatureException if the format requires FFmpeg, which is absent; the message
   *     names the artifacts to add
   * @throws InsufficientMemoryException if FFmpeg cannot be loaded for lack of memory
   * @throws UncheckedIOException if the directory cannot be read
   */
  public static VideoWriter create(Path file, double frameRate) {
    VideoFormat format = VideoFormat.of(file);
    VideoLimits.requireRate(frameRate);
    if (format == VideoFormat.GIF && frameRate > VideoFormat.MAX_GIF_RATE) {
      throw new InvalidRequestException(
          "frame rate: up to "
              + VideoFormat.MAX_GIF_RATE
              + " frames a second fit into a GIF, found "
              + frameRate
              + "; write an MP4 or fewer frames");
    }
    if (format.takesFfmpeg()) {
      Ffmpeg.require("writing " + file, Ffmpeg.INSTEAD_OF_VIDEOS);
    }
    try {
      PendingFile pending =
          format == VideoFormat.PNG_FOLDER
              ? PendingFile.folder(file, "a video")
              : PendingFile.file(file, "a video");
      return new VideoWriter(file, format, frameRate, pending);
    } catch (IOException e) {
      throw Interruptions.cancelledOr(e, () -> failed(file, e));
    }
  }

  /**
   * Writes a video of images in memory.
   *
   * @param frames at least one, all of the same size
   * @param frameRate in frames a second, from 0.01 to 1000, for a GIF up to 50
   * @param file replaced if it exists; a folder must be new or empty
   * @throws InvalidRequestException if there are no frames or their sizes differ, or as {@link
   *     #create(Path, double)}
   */
  public static void write(Iterable<BufferedImage> frames, double frameRate, Path file) {
    try (VideoWriter writer = create(file, frameRate)) {
      int index = 0;
      for (BufferedImage frame : frames) {
        writer.frame(index++, frame);
      }
      writer.finish();
    }
  }

  /**
   * Adds a frame.
   *
   * @param index from 0, without gaps
   * @param frame of the size of the first one; no reference is kept
   * @throws InvalidRequestException if its size is another one or too large
   * @throws UnsupportedFeatureException if this build of FFmpeg has no encoder for this size
   * @throws IllegalArgumentException if the index is not the next one
   * @throws IllegalStateException after an error, {@link #finish} or {@link #close}
   * @throws UncheckedIOException if the disk refuses; the message names the file and the reason
   */
  @Override
  public void frame(int index, BufferedImage frame) {
    requireOpen();
    if (index != count) {
      throw new IllegalArgumentException(
          "frame " + count + " of the video was expected, got frame " + index);
    }
    // Until all succeeded: half a frame may have been written.
    state = State.FAILED;
    try {
      if (encoder == null) {
        VideoLimits.requireSize(frame.getWidth(), frame.getHeight(), file);
        width = frame.getWidth();
        height = frame.getHeight();
        encoder = open();
      } else if (frame.getWidth() != width || frame.getHeight() != height) {
        throw new InvalidRequestException(
            "frame "
                + index
                + " should be of "
                + width
                + "x"
                + height
                + " pixels like those before it, found "
                + frame.getWidth()
                + "x"
                + frame.getHeight());
      }
      encoder.add(frame);
    } catch (IOException e) {
      throw Interruptions.cancelledOr(e, () -> failed(file, e));
    }
    count++;
    state = State.OPEN;
  }

  private FrameEncoder open() throws IOException {
    return switch (format) {
      case MP4, WEBM -> FfmpegEncoder.open(pending.path(), format, frameRate, width, height);
      case GIF -> new FrameEncoder.Gif(pending.path(), frameRate);
      case PNG_FOLDER -> new FrameEncoder.PngFolder(pending.path());
    };
  }

  /**
   * Completes the video: the file exists when this returns.
   *
   * @throws InvalidRequestException if there was no frame
   * @throws IllegalStateException after an error, {@link #finish} or {@link #close}
   * @throws UncheckedIOException if the disk refuses; the message names the file and the reason
   */
  public void finish() {
    requireOpen();
    if (count == 0) {
      throw new InvalidRequestException(
          "cannot write a video to " + file + ": it has no frames; at least one is needed");
    }
    state = State.FAILED;
    try {
      encoder.finish();
      closeEncoder();
      pending.complete();
    } catch (IOException e) {
      throw Interruptions.cancelledOr(e, () -> failed(file, e));
    }
    state = State.FINISHED;
  }

  private void requireOpen() {
    if (state != State.OPEN) {
      throw new IllegalStateException(
          "the video "
              + file
              + (state == State.FAILED ? " could not be written" : " is finished or closed"));
    }
  }

  private static UncheckedIOException failed(Path file, IOException e) {
    return new UncheckedIOException("cannot write a video to " + file + ": " + e.getMessage(), e);
  }

  /**
   * Frees the resources, and removes the temporary file if the video was not finished. A second
   * call has no effect.
   *
   * @throws UncheckedIOException if the disk refuses
   */
  @Override
  public void close() {
    if (state == State.CLOSED) {
      return;
    }
    state = State.CLOSED;
    // Not every system can remove an open file, so the encoder is closed first.
    try (pending) {
      closeEncoder();
    } catch (IOException e) {
      throw Interruptions.cancelledOr(e, () -> failed(file, e));
    }
  }

  private void closeEncoder() throws IOException {
    if (encoder != null) {
      FrameEncoder closed = encoder;
      encoder = null;
      closed.close();
    }
  }
}
