package dev.showo2.media.internal;

import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import org.apiguardian.api.API;

/**
 * Converts images to the input of the VAE: a tensor [3, height, width] of red, green and blue
 * planes with values in -1..1 (SPEC 9). Resampling is Pillow's antialiased bicubic, bit for bit.
 *
 * <p>Any type of {@link BufferedImage} is supported: gray is copied to all planes, alpha is dropped
 * without compositing and color profiles are not applied, as in Pillow's {@code convert("RGB")}; of
 * 16-bit samples the high byte is used. Stateless and thread-safe.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class ImagePreprocessor {

  private static final float[] NORMALIZED = new float[256];

  static {
    for (int value = 0; value < NORMALIZED.length; value++) {
      NORMALIZED[value] = (value / 255f - 0.5f) / 0.5f;
    }
  }

  private ImagePreprocessor() {}

  /**
   * Scales an image until it just covers the target and cuts out the middle, as for images to
   * understand and for the first image of a video.
   *
   * <p>For a square target the shorter side becomes {@code size} and the longer one {@code int(size
   * * long / short)}; the offset is {@code round((side - size) / 2)}, half to even. For another
   * target the limiting side takes the role of the shorter one. Only the needed part is computed,
   * so an extreme aspect ratio costs no memory.
   *
   * @param image of any type; not written to
   * @param height of the target in pixels, at least 1
   * @param width of the target in pixels, at least 1
   * @return [3, height, width]
   * @throws IllegalArgumentException if height or width is less than 1
   */
  public static HostTensor centerCrop(BufferedImage image, int height, int width) {
    requireTarget(height, width);
    Covering covering = Covering.of(image.getWidth(), image.getHeight(), width, height);
    return toTensor(image, covering.horizontal(), covering.vertical(), height, width);
  }

  /**
   * Scales an image until it just fits into the target and puts it in the middle of black: the way
   * of the frames of a video to understand.
   *
   * <p>The scale is the smaller of the two ratios; the side that does not fill the target is
   * rounded up, its offset down.
   *
   * @param height of the target in pixels, at least 1
   * @param width of the target in pixels, at least 1
   * @return [3, height, width]
   * @throws IllegalArgumentException if height or width is less than 1
   */
  public static HostTensor letterbox(BufferedImage image, int height, int width) {
    requireTarget(height, width);
    double horizontalScale = (double) width / image.getWidth();
    double verticalScale = (double) height / image.getHeight();
    int scaledWidth = width;
    int scaledHeight = height;
    if (horizontalScale < verticalScale) {
      scaledHeight = Math.min(height, (int) Math.ceil(image.getHeight() * horizontalScale));
    } else {
      scaledWidth = Math.min(width, (int) Math.ceil(image.getWidth() * verticalScale));
    }
    BicubicResize.Axis horizontal =
        BicubicResize.Axis.of(image.getWidth(), scaledWidth, 0, scaledWidth);
    BicubicResize.Axis vertical =
        BicubicResize.Axis.of(image.getHeight(), scaledHeight, 0, scaledHeight);
    return toTensor(image, horizontal, vertical, height, width);
  }

  /**
   * The axes of an image that is scaled until it just covers a target, whose middle is cut out.
   *
   * @param horizontal makes the columns of the target
   * @param vertical makes its rows
   */
  record Covering(BicubicResize.Axis horizontal, BicubicResize.Axis vertical) {

    static Covering of(int imageWidth, int imageHeight, int width, int height) {
      long scaledWidth = width;
      long scaledHeight = height;
      if ((long) imageWidth * height <= (long) imageHeight * width) {
        scaledHeight = (long) width * imageHeight / imageWidth;
      } else {
        scaledWidth = (long) height * imageWidth / imageHeight;
      }
      return new Covering(
          BicubicResize.Axis.of(imageWidth, scaledWidth, middle(scaledWidth, width), width),
          BicubicResize.Axis.of(imageHeight, scaledHeight, middle(scaledHeight, height), height));
    }

    private static long middle(long side, int size) {
      return (long) Math.rint((side - size) / 2.0);
    }
  }

  /** Resizes and centers the result on a black target. */
  private static HostTensor toTensor(
      BufferedImage image,
      BicubicResize.Axis horizontal,
      BicubicResize.Axis vertical,
      int height,
      int width) {
    byte[] rgb = BicubicResize.resize(RgbRows.of(image), horizontal, vertical);
    int plane = Math.multiplyExact(height, width);
    float[] values = new float[Math.multiplyExact(3, plane)];
    Arrays.fill(values, NORMALIZED[0]);
    int left = (width - horizontal.count()) / 2;
    int top = (height - vertical.count()) / 2;
    int source = 0;
    for (int y = 0; y < vertical.count(); y++) {
      int target = (top + y) * width + left;
      for (int x = 0; x < horizontal.count(); x++, target++) {
        for (int channel = 0; channel < 3; channel++) {
          values[channel * plane + target] = NORMALIZED[rgb[source++] & 0xff];
        }
      }
    }
    return new HostTensor(Shape.of(3, height, width), values);
  }

  private static void requireTarget(int height, int width) {
    if (height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "the target should be at least 1x1 pixels, got height " + height + ", width " + width);
    }
  }
}
