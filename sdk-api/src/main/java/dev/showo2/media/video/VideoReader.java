package dev.showo2.media.video;

import dev.showo2.error.InsufficientMemoryException;
import dev.showo2.error.InvalidRequestException;
import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.error.internal.HeapLimit;
import dev.showo2.error.internal.Interruptions;
import dev.showo2.media.ImageDecoder;
import dev.showo2.media.internal.FrameSampling;
import dev.showo2.media.internal.ImageFormat;
import dev.showo2.media.video.internal.Ffmpeg;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apiguardian.api.API;

/**
 * Reads videos: animated GIF and folders of images with the JDK alone; MP4, MOV, WebM, Matroska,
 * AVI, MPEG, animated AVIF and a few more with FFmpeg, which the application adds (see the
 * package).
 *
 * <p>Frames are 8-bit RGB and upright: the rotation that telephones record in their files is
 * applied, and so is the cropping that the container states. Pixels that are not square are treated
 * as square. Stateless and thread-safe.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class VideoReader {

  /** Videos with more frames are refused: more than two hours at 25 frames a second. */
  public static final int MAX_FRAMES = 200_000;

  /** Frames with more pixels are refused: 8192x4320, which is 142 MB a frame once decoded. */
  public static final long MAX_PIXELS = 8192L * 4320;

  static final String EXPECTED =
      "a video was expected (MP4, WebM or the like, an animated GIF or a folder of images)";

  private VideoReader() {}

  /**
   * Opens a video, by its content and not by its name. Of several video tracks the largest of those
   * that the file enables is read; alpha, thumbnails and cover images are not. A still image in
   * AVIF or HEIC is a video of one frame. A folder gives its images (PNG, JPEG, BMP, GIF) in the
   * natural order of their names, frame-9 before frame-10, at {@link
   * FrameSource#DEFAULT_FRAME_RATE}.
   *
   * @param file a video file or a folder of images
   * @return frames of {@link BufferedImage#TYPE_INT_RGB}, to be closed by the caller
   * @throws InvalidRequestException if there is no such file, it is no video, or it is corrupt or
   *     too large; the message names the file, what was expected and what was found
   * @throws UnsupportedFeatureException if the format requires FFmpeg, which is absent; the message
   *     names the artifacts to add
   * @throws InsufficientMemoryException if FFmpeg cannot be loaded for lack of memory
   */
  public static FrameSource open(Path file) {
    if (Files.isDirectory(file)) {
      return ImageFolderSource.open(file);
    }
    if (!Files.exists(file)) {
      throw new InvalidRequestException(EXPECTED + ", but there is no file " + file);
    }
    if (!Files.isRegularFile(file)) {
      throw new InvalidRequestException(EXPECTED + ", but " + file + " is a device or the like");
    }
    byte[] beginning = beginning(file);
    if (beginning.length == 0) {
      throw new InvalidRequestException(EXPECTED + ", but " + file + " is empty");
    }
    ImageFormat format = ImageFormat.of(beginning).orElse(null);
    if (format == ImageFormat.GIF) {
      return GifSource.open(file);
    }
    if (format == ImageFormat.AVIF || format == ImageFormat.HEIC) {
      return ImageFormat.isAnimatedHeif(beginning)
          ? openByFfmpeg(file, beginning)
          : FrameSource.of(List.of(ImageDecoder.read(file)), FrameSource.DEFAULT_FRAME_RATE);
    }
    if (format != null) {
      throw new InvalidRequestException(
          EXPECTED + ", but " + file + " is a " + format + " image; use it as an image instead");
    }
    return openByFfmpeg(file, beginning);
  }

  private static FrameSource openByFfmpeg(Path file, byte[] beginning) {
    Ffmpeg.require("reading " + file, Ffmpeg.INSTEAD_OF_VIDEOS);
    try {
      MatroskaLength.require(file);
      Optional<Set<Integer>> auxiliaryTracks = IsoStructure.auxiliaryTracks(file);
      return FfmpegSource.open(file, ImageFormat.beginning(beginning), auxiliaryTracks);
    } catch (IOException e) {
      throw Interruptions.cancelledOr(e, () -> unreadable(file, e));
    }
  }

  private static byte[] beginning(Path file) {
    try (InputStream input = Files.newInputStream(file)) {
      return input.readNBytes(ImageFormat.NEEDED_BYTES);
    } catch (IOException e) {
      throw Interruptions.cancelledOr(e, () -> unreadable(file, e));
    }
  }

  private static InvalidRequestException unreadable(Path file, IOException e) {
    return new InvalidRequestException("cannot read " + file + ": " + e.getMessage(), e);
  }

  /**
   * Samples frames that are spread evenly over a video (SPEC 8), counted over the frames that can
   * be decoded, which may be another number than the file states.
   *
   * @param file a video file or a folder of images
   * @param count of the wanted frames, from 1 to {@link #MAX_FRAMES}
   * @return {@code count} frames in their order; of a video with fewer frames some of them
   *     repeatedly, as the same object
   * @throws InvalidRequestException if the count is out of range, or as {@link #open}
   * @throws UnsupportedFeatureException as {@link #open}
   */
  public static List<BufferedImage> sample(Path file, int count) {
    return HeapLimit.guard(
        "reading " + file, () -> sample(() -> open(file), count, Function.identity()));
  }

  /**
   * Samples frames as {@link #sample(Path, int)} does, and keeps only the result of a function for
   * each: scaled down at once, 32 frames of a large video need little memory.
   *
   * @param <T> the type of the results
   * @param video opens the video; called once, or twice where the source states no number of frames
   *     or a wrong one, so that only its end shows it
   * @param count of the wanted frames, from 1 to {@link #MAX_FRAMES}
   * @param convert is called once for each sampled frame, or more often if the source states a
   *     wrong number of frames
   * @return {@code count} results, in the order of their frames
   * @throws InvalidRequestException if the count is out of range, the video has no frames, or as
   *     {@link #open}
   */
  public static <T> List<T> sample(
      Supplier<? extends FrameSource> video,
      int count,
      Function<? super BufferedImage, ? extends T> convert) {
    Objects.requireNonNull(convert, "convert");
    if (count < 1 || count > MAX_FRAMES) {
      throw new InvalidRequestException(
          "count: from 1 to " + MAX_FRAMES + " frames can be sampled, found " + count);
    }
    return HeapLimit.guard(
        "reading a video", () -> new FrameSampler<T>(count, convert).sample(video));
  }

  /**
   * Takes frames that are spread evenly, with no more frames in memory than are taken. How many
   * there are in all is known only at the end of a video: if the file says a number, the frames are
   * taken on trust while they are counted, and taken anew if it was wrong.
   */
  private static final class FrameSampler<T> {

    private final int count;
    private final Function<? super BufferedImage, ? extends T> convert;

    FrameSampler(int count, Function<? super BufferedImage, ? extends T> convert) {
      this.count = count;
      this.convert = convert;
    }

    List<T> sample(Supplier<? extends FrameSource> video) {
      int claimed = 0;
      int found;
      try (FrameSource source = video.get()) {
        if (source instanceof SizedSource sized
            && sized.claimedFrames() <= VideoReader.MAX_FRAMES) {
          claimed = (int) sized.claimedFrames();
        }
        List<T> taken = new ArrayList<>();
        found = take(source, claimed, taken);
        if (found == claimed && found > 0) {
          return taken;
        }
      }
      if (found == 0) {
        throw new InvalidRequestException("the video has no frames; at least one is needed");
      }
      try (FrameSource source = video.get()) {
        List<T> taken = new ArrayList<>();
        int again = take(source, found, taken);
        if (again != found) {
          throw new InvalidRequestException(
              "the video had "
                  + found
                  + " frames at first and then "
                  + again
                  + "; do not change it while it is read");
        }
        return taken;
      }
    }

    /**
     * @param expected frames in all; if 0, none is taken
     * @return how many there are
     */
    private int take(FrameSource source, int expected, List<T> taken) {
      int[] wanted = expected > 0 ? FrameSampling.evenly(expected, count) : new int[0];
      int index = 0;
      while (true) {
        if (taken.size() < wanted.length && wanted[taken.size()] == index) {
          Optional<BufferedImage> frame = source.next();
          if (frame.isEmpty()) {
            return index;
          }
          T result = convert.apply(frame.get());
          while (taken.size() < wanted.length && wanted[taken.size()] == index) {
            taken.add(result);
          }
        } else if (!source.skip()) {
          return index;
        }
        index++;
      }
    }
  }
}
