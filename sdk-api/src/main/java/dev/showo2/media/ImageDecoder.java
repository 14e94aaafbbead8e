package dev.showo2.media;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.media.internal.GifFrame;
import dev.showo2.media.internal.GifFrames;
import dev.showo2.media.internal.ImageFormat;
import dev.showo2.media.internal.JdkImageReader;
import dev.showo2.media.internal.RgbRows;
import dev.showo2.media.video.internal.Ffmpeg;
import dev.showo2.media.video.internal.FfmpegImages;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.apiguardian.api.API;

/**
 * Reads PNG, JPEG, BMP and GIF (its first frame) as 8-bit RGB, upright; AVIF and HEIC with FFmpeg,
 * which the application adds (see {@link dev.showo2.media.video}).
 *
 * <p>The values are those of Pillow's {@code Image.open(...).convert("RGB")}, as the official code
 * reads images: gray is copied, alpha is dropped without compositing, and no color profile is
 * applied, not even for CMYK. Of 16-bit samples the high byte is kept. There is one difference: the
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
  public static final long MAX_PIXELS = 100_000_000;

  private static final long MAX_FILE_BYTES = 512L << 20;
  private static final String EXPECTED = "a PNG, JPEG, BMP or GIF image was expected";

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
   */
  public static BufferedImage read(Path file) {
    if (Files.isDirectory(file)) {
      throw new InvalidRequestException(EXPECTED + ", but " + file + " is a directory");
    }
    if (!Files.exists(file)) {
      throw new InvalidRequestException(EXPECTED + ", but there is no file " + file);
    }
    byte[] bytes;
    try {
      if (Files.size(file) > MAX_FILE_BYTES) {
        throw new InvalidRequestException(
            file + " has " + Files.size(file) + " bytes; at most " + MAX_FILE_BYTES + " are read");
      }
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new InvalidRequestException("cannot read " + file + ": " + e.getMessage(), e);
    }
    return decode(bytes, file.toString());
  }

  /**
   * Decodes an image file in memory.
   *
   * @param bytes a whole image file
   * @param origin where the bytes come from, for messages
   * @return an image of {@link BufferedImage#TYPE_INT_RGB}
   * @throws InvalidRequestException as {@link #read}
   * @throws UnsupportedFeatureException as {@link #read}
   */
  public static BufferedImage decode(byte[] bytes, String origin) {
    if (bytes.length == 0) {
      throw new InvalidRequestException(EXPECTED + ", but " + origin + " is empty");
    }
    ImageFormat format =
        ImageFormat.of(bytes)
            .orElseThrow(
                () ->
                    new InvalidRequestException(
                        EXPECTED
                            + ", but "
                            + origin
                            + " begins with "
                            + ImageFormat.beginning(bytes)));
    return switch (format) {
      case PNG -> ExifOrientation.ofPng(bytes).apply(decodeRgb(bytes, format, origin));
      case JPEG -> decodeJpeg(bytes, origin);
      case BMP -> decodeRgb(bytes, format, origin);
      case GIF -> toRgb(firstImage(bytes, origin).decode(origin));
      case AVIF, HEIC -> decodeByFfmpeg(bytes, format, origin);
    };
  }

  private static BufferedImage decodeByFfmpeg(byte[] bytes, ImageFormat format, String origin) {
    Ffmpeg.require(
        "reading the " + format + " image " + origin, "or save the image as PNG or JPEG");
    try {
      return FfmpegImages.decode(bytes, "mov");
    } catch (IOException e) {
      throw new InvalidRequestException(
          origin
              + " is "
              + format.withArticle()
              + " image that cannot be decoded ("
              + e.getMessage()
              + "); it is corrupt or of an unsupported kind, so save it anew as an RGB PNG",
          e);
    }
  }

  private static BufferedImage decodeJpeg(byte[] bytes, String origin) {
    JpegSupport.Header header = JpegSupport.Header.of(bytes);
    boolean ycck = header.adobeTransform() == 2;
    BufferedImage image =
        header.components() == 4
            ? JdkImageReader.decode(
                bytes,
                ImageFormat.JPEG,
                origin,
                reader -> JpegSupport.cmykToRgb(reader.readRaster(0, null), ycck))
            : decodeRgb(bytes, ImageFormat.JPEG, origin);
    return header.orientation().apply(image);
  }

  private static BufferedImage decodeRgb(byte[] bytes, ImageFormat format, String origin) {
    return JdkImageReader.decode(
        bytes,
        format,
        origin,
        reader -> {
          BufferedImage image = reader.read(0);
          requireColors(image.getColorModel().getColorSpace(), origin);
          return toRgb(image);
        });
  }

  private static GifFrame firstImage(byte[] gif, String origin) {
    try (GifFrames frames = GifFrames.of(new ByteArrayInputStream(gif))) {
      return frames.next().orElseThrow(() -> new EOFException("it holds no image"));
    } catch (IOException e) {
      throw JdkImageReader.corrupt(origin, ImageFormat.GIF, e);
    }
  }

  private static void requireColors(ColorSpace colors, String origin) {
    if (colors.getType() != ColorSpace.TYPE_RGB && colors.getType() != ColorSpace.TYPE_GRAY) {
      // The JDK would convert them by a color space of its own, with quite different colors.
      throw new InvalidRequestException(
          origin
              + " has "
              + colors.getNumComponents()
              + " color components that are neither RGB nor gray; convert it to RGB first");
    }
  }

  private static BufferedImage toRgb(BufferedImage image) {
    RgbRows rows = RgbRows.of(image);
    int width = image.getWidth();
    BufferedImage rgb = new BufferedImage(width, image.getHeight(), BufferedImage.TYPE_INT_RGB);
    byte[] row = new byte[3 * width];
    int[] packed = new int[width];
    for (int y = 0; y < image.getHeight(); y++) {
      rows.read(y, row);
      for (int x = 0; x < width; x++) {
        packed[x] =
            (row[3 * x] & 0xff) << 16 | (row[3 * x + 1] & 0xff) << 8 | row[3 * x + 2] & 0xff;
      }
      rgb.getRaster().setDataElements(0, y, width, 1, packed);
    }
    return rgb;
  }
}
