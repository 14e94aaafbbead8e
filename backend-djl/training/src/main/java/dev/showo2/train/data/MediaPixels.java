package dev.showo2.train.data;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.error.internal.Interruptions;
import dev.showo2.media.internal.ImageFiles;
import dev.showo2.media.internal.ImagePreprocessor;
import dev.showo2.media.internal.StillImage;
import dev.showo2.media.video.FrameSource;
import dev.showo2.media.video.VideoReader;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Reads images and videos as the VAE takes them: of images to draw, captions and stories the middle
 * is cut out, of conversations the whole image is on black (SPEC 9).
 *
 * @param width in pixels
 * @param height in pixels
 * @param frames 1 for images
 * @param whole true for the whole image on black
 * @param frameRate at which frames are taken one after the other; unless whole, where they are
 *     spread over the video
 * @param leastWidth in pixels
 * @param leastHeight in pixels
 */
record MediaPixels(
    int width,
    int height,
    int frames,
    boolean whole,
    double frameRate,
    int leastWidth,
    int leastHeight) {

  /** Largest image file that is read. */
  private static final long MAX_FILE_BYTES = 512L << 20;

  /** [1, 3, frames, height, width] of one value: −1 is black. */
  HostTensor blank(float value) {
    Shape shape = Shape.of(1, 3, frames, height, width);
    float[] values = new float[Math.toIntExact(shape.elementCount())];
    Arrays.fill(values, value);
    return new HostTensor(shape, values);
  }

  /**
   * Reads the pixels.
   *
   * @return [1, 3, frames, height, width] in -1 … 1
   * @throws BadExampleException if there is no such file, or it is broken or too small
   */
  HostTensor read(ExampleMedia media, boolean video) {
    try {
      return video ? stacked(frames(media)) : stacked(List.of(image(media)));
    } catch (IOException e) {
      throw unreadable(media, e);
    } catch (InvalidRequestException | UnsupportedFeatureException e) {
      throw new BadExampleException(ExampleProblem.BROKEN_FILE, e.getMessage(), e);
    }
  }

  /** An interrupt is no fault of the file. */
  static RuntimeException unreadable(ExampleMedia media, IOException e) {
    return Interruptions.cancelledOr(
        e,
        () ->
            new BadExampleException(
                ExampleProblem.BROKEN_FILE,
                "cannot read " + media.name() + ": " + e.getMessage(),
                e));
  }

  private HostTensor image(ExampleMedia media) throws IOException {
    if (media instanceof ExampleMedia.OfImages images) {
      BufferedImage image = images.frames().get(0);
      requireSize(image.getWidth(), image.getHeight(), media);
      return scaled(image);
    }
    return ImageFiles.decode(bytes(media), media.name(), still -> scaled(still, media));
  }

  /** The whole file, of which a limited number of bytes is read. */
  static byte[] bytes(ExampleMedia media) throws IOException {
    if (media instanceof ExampleMedia.OfBytes bytes) {
      return bytes.bytes().read();
    }
    Path path = ((ExampleMedia.OfFile) media).path();
    requireFile(path);
    if (!Files.isRegularFile(path)) {
      // A pipe or device might never end.
      throw new BadExampleException(
          ExampleProblem.BROKEN_FILE, "expected an image file, found something else at " + path);
    }
    long size = Files.size(path);
    if (size > MAX_FILE_BYTES) {
      throw new BadExampleException(
          ExampleProblem.BROKEN_FILE,
          path + " has " + size + " bytes; at most " + MAX_FILE_BYTES + " are read");
    }
    return Files.readAllBytes(path);
  }

  private static void requireFile(Path path) {
    if (!Files.exists(path)) {
      throw new BadExampleException(
          ExampleProblem.MISSING_FILE, "expected an image or video, but there is no file " + path);
    }
  }

  private HostTensor scaled(StillImage still, ExampleMedia media) {
    requireSize(still.width(), still.height(), media);
    return scaled(whole ? still.read() : still.readCovering(width, height));
  }

  private HostTensor scaled(BufferedImage image) {
    return whole
        ? ImagePreprocessor.letterbox(image, height, width)
        : ImagePreprocessor.centerCrop(image, height, width);
  }

  private void requireSize(int foundWidth, int foundHeight, ExampleMedia media) {
    if (foundWidth < leastWidth || foundHeight < leastHeight) {
      throw new BadExampleException(
          ExampleProblem.TOO_SMALL,
          "expected at least "
              + leastWidth
              + "x"
              + leastHeight
              + " pixels, found "
              + foundWidth
              + "x"
              + foundHeight
              + " in "
              + media.name());
    }
  }

  private List<HostTensor> frames(ExampleMedia media) throws IOException {
    if (media instanceof ExampleMedia.OfImages images) {
      return frames(media, () -> FrameSource.of(images.frames(), images.frameRate()));
    }
    if (media instanceof ExampleMedia.OfFile file) {
      requireFile(file.path());
      return frames(media, () -> VideoReader.open(file.path()));
    }
    try (SpooledVideo spooled = SpooledVideo.of((ExampleMedia.OfBytes) media)) {
      try {
        return frames(media, () -> VideoReader.open(spooled.file()));
      } catch (InvalidRequestException | UnsupportedFeatureException e) {
        String message = e.getMessage().replace(spooled.file().toString(), media.name());
        throw new BadExampleException(ExampleProblem.BROKEN_FILE, message, e);
      }
    }
  }

  private List<HostTensor> frames(ExampleMedia media, Supplier<FrameSource> video) {
    if (whole) {
      return VideoReader.sample(video, frames, frame -> sized(frame, media));
    }
    List<HostTensor> taken = new ArrayList<>();
    try (FrameSource source = video.get()) {
      long index = 0;
      while (taken.size() < frames) {
        long wanted = (long) (taken.size() * source.frameRate() / frameRate);
        while (index < wanted && source.skip()) {
          index++;
        }
        Optional<BufferedImage> frame = index == wanted ? source.next() : Optional.empty();
        if (frame.isEmpty()) {
          throw new BadExampleException(
              ExampleProblem.TOO_SMALL,
              "expected "
                  + frames
                  + " frames at "
                  + frameRate
                  + " a second, but "
                  + media.name()
                  + " ends after "
                  + taken.size());
        }
        index++;
        HostTensor pixels = sized(frame.get(), media);
        taken.add(pixels);
        // A video slower than the rate shows a frame for longer.
        while (taken.size() < frames
            && (long) (taken.size() * source.frameRate() / frameRate) < index) {
          taken.add(pixels);
        }
      }
    }
    return taken;
  }

  private HostTensor sized(BufferedImage frame, ExampleMedia media) {
    requireSize(frame.getWidth(), frame.getHeight(), media);
    return scaled(frame);
  }

  /** Joins [3, height, width] to [1, 3, frames, height, width]. */
  private HostTensor stacked(List<HostTensor> images) {
    int plane = height * width;
    float[] values = new float[3 * images.size() * plane];
    for (int frame = 0; frame < images.size(); frame++) {
      for (int channel = 0; channel < 3; channel++) {
        System.arraycopy(
            images.get(frame).values(),
            channel * plane,
            values,
            (channel * images.size() + frame) * plane,
            plane);
      }
    }
    return new HostTensor(Shape.of(1, 3, images.size(), height, width), values);
  }
}
