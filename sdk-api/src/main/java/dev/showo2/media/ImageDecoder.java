package dev.showo2.media;

import dev.showo2.error.InsufficientMemoryException;
import dev.showo2.error.InvalidRequestException;
import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.media.internal.ImageFiles;
import dev.showo2.media.internal.StillImage;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.apiguardian.api.API;

/**
 * Reads PNG, JPEG, BMP, GIF (its first image, on its screen) and TIFF (its first page) as 8-bit
 * RGB, upright; WebP, AVIF and HEIC with FFmpeg, which the application adds (see {@link
 * dev.showo2.media.video}).
 *
 * <p>The values are those of Pillow's {@code Image.open(...).convert("RGB")}, as the official code
 * reads images: gray is copied, alpha is dropped without compositing (colors of a TIFF file that
 * were multiplied by it are divided), and no color profile is applied, not even for CMYK. Of 16-bit
 * samples the high byte is kept, also of gray, which Pillow clips. The other difference: the
 * official code ignores EXIF orientation and so sees the images of most telephones rotated; here
 * they are turned upright, as viewers do. Files without EXIF data, and so all goldens, are not
 * affected.
 *
 * <p>Of an AVIF or HEIC file the main image is read, put together where it is stored in tiles, and
 * turned as the file says; thumbnails, depth maps and the other images beside it are ignored. Its
 * colors are converted as FFmpeg does.
 *
 * <p>The size is read from the header and checked before anything is decoded. Works without a
 * display, writes no cache files and does not change the settings of {@link ImageIO}. Stateless and
 * thread-safe.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class ImageDecoder {

  /** The largest supported number of pixels: one hundred million, 400 MB once decoded. */
  public static final long MAX_PIXELS = ImageFiles.MAX_PIXELS;

  private ImageDecoder() {}

  /**
   * Reads an image file.
   *
   * @param file of one of the formats, up to 512 MiB
   * @return an image of {@link BufferedImage#TYPE_INT_RGB}
   * @throws InvalidRequestException if there is no such file, it is none of these formats, corrupt
   *     or too large; the message names the file, what was expected and what was found
   * @throws UnsupportedFeatureException if the format requires FFmpeg, which is absent; the message
   *     names the artifacts to add
   * @throws InsufficientMemoryException if the heap is too small for the image
   */
  public static BufferedImage read(Path file) {
    return ImageFiles.read(file, StillImage::read);
  }

  /**
   * Reads the middle of an image file, scaled until it covers a size: what a model of that size
   * sees of the image. The pixels are those to which the requests of this SDK scale the image of
   * {@link #read}. JPEG, PNG without interlacing and BMP are decoded row by row and never in memory
   * as a whole, which takes four bytes a pixel; files of other kinds are, before they are scaled.
   *
   * @param file as for {@link #read}
   * @param width of the returned image in pixels, at least 1
   * @param height of the returned image in pixels, at least 1
   * @return an image of {@link BufferedImage#TYPE_INT_RGB}
   * @throws InvalidRequestException as {@link #read}
   * @throws UnsupportedFeatureException as {@link #read}
   * @throws InsufficientMemoryException as {@link #read}
   * @throws IllegalArgumentException if width or height is less than 1
   */
  public static BufferedImage readCovering(Path file, int width, int height) {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "an image should cover at least 1x1 pixels, got " + width + "x" + height);
    }
    return ImageFiles.read(file, image -> image.readCovering(width, height));
  }

  /**
   * Reads the mask of an edit: of a file with transparent pixels their alpha, of others the colors.
   *
   * @param file PNG, JPEG, BMP or GIF, up to 512 MiB
   * @return an image of {@link BufferedImage#TYPE_INT_RGB}, white where an image may change; see
   *     {@link dev.showo2.pipeline.ImageToImageRequest.Builder#mask}
   * @throws InvalidRequestException as {@link #read}; if the file is one of another format, or a
   *     mask that can be meant in two ways
   * @throws InsufficientMemoryException as {@link #read}
   */
  public static BufferedImage readMask(Path file) {
    return ImageFiles.readMask(file);
  }

  /**
   * Decodes an image file in memory.
   *
   * @param bytes a whole image file
   * @param origin where the bytes come from, for messages
   * @return an image of {@link BufferedImage#TYPE_INT_RGB}
   * @throws InvalidRequestException as {@link #read}
   * @throws UnsupportedFeatureException as {@link #read}
   * @throws InsufficientMemoryException as {@link #read}
   */
  public static BufferedImage decode(byte[] bytes, String origin) {
    return ImageFiles.decode(bytes, origin, StillImage::read);
  }
}
