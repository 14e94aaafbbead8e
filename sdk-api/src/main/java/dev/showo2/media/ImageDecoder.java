package dev.showo2.media;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.media.internal.GifFrame;
import dev.showo2.media.internal.GifFrames;
import dev.showo2.media.internal.ImageFormat;
import dev.showo2.media.internal.RgbRows;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.apiguardian.api.API;

/**
 * Reads PNG, JPEG, BMP and GIF (its first frame) as 8-bit RGB, upright.
 *
 * <p>The values are those of Pillow's {@code Image.open(...).convert("RGB")}, as the reference
 * reads images: gray is copied, alpha is dropped without compositing, CMYK is mixed without a color
 * profile, and no other profile is applied either. Of 16-bit samples the high byte is kept. There
 * is one difference: the reference ignores EXIF orientation and so sees the images of most
 * telephones lying on their side; here they are turned as every viewer turns them. Files without
 * EXIF data, and so all reference outputs, are not touched by that.
 *
 * <p>The size is taken from the header and checked before anything is decoded. Works without a
 * display, writes no cache files and leaves the settings of {@link ImageIO} alone. Stateless and
 * thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ImageDecoder {

  /** Images with more pixels are refused: one hundred million, 400 MB once decoded. */
  public static final long MAX_PIXELS = 100_000_000;

  private static final long MAX_FILE_BYTES = 512L << 20;
  private static final String EXPECTED = "a PNG, JPEG, BMP or GIF image was expected";

  private ImageDecoder() {}

  /**
   * @return an image of {@link BufferedImage#TYPE_INT_RGB}
   * @throws InvalidRequestException if there is no such file, it is none of these formats, damaged
   *     or too large; the message names the file, what was expected and what was found
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
   * @param bytes a whole image file
   * @param origin where the bytes come from, for messages
   * @return an image of {@link BufferedImage#TYPE_INT_RGB}
   * @throws InvalidRequestException as {@link #read}
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
    };
  }

  private static BufferedImage decodeJpeg(byte[] bytes, String origin) {
    JpegSupport.Header header = JpegSupport.Header.of(bytes);
    boolean ycck = header.adobeTransform() == 2;
    BufferedImage image =
        header.components() == 4
            ? decode(
                bytes,
                ImageFormat.JPEG,
                origin,
                reader -> JpegSupport.cmykToRgb(reader.readRaster(0, null), ycck))
            : decodeRgb(bytes, ImageFormat.JPEG, origin);
    return header.orientation().apply(image);
  }

  private static BufferedImage decodeRgb(byte[] bytes, ImageFormat format, String origin) {
    return decode(
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
      throw damaged(origin, ImageFormat.GIF, e);
    }
  }

  /** One image of a GIF with its transparent pixels, in colors of its own. */
  public static BufferedImage decodeGif(byte[] bytes, String origin) {
    return decode(bytes, ImageFormat.GIF, origin, reader -> reader.read(0));
  }

  private interface Decoding {
    BufferedImage with(ImageReader reader) throws IOException;
  }

  private static BufferedImage decode(
      byte[] bytes, ImageFormat format, String origin, Decoding decoding) {
    ImageReader reader = reader(format);
    try (ImageInputStream input =
        new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
      // Metadata is skipped: it is not wanted, and compressed text could inflate without limit.
      reader.setInput(input, true, true);
      requireSize(reader.getWidth(0), reader.getHeight(0), origin);
      return decoding.with(reader);
    } catch (InvalidRequestException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // The JDK's readers answer some damaged files with unchecked exceptions.
      throw damaged(origin, format, e);
    } finally {
      reader.dispose();
    }
  }

  private static ImageReader reader(ImageFormat format) {
    Iterator<ImageReader> readers =
        ImageIO.getImageReadersByFormatName(format.name().toLowerCase(Locale.ROOT));
    while (readers.hasNext()) {
      ImageReader reader = readers.next();
      // Plug-ins of the program around may convert colors in ways of their own.
      if (reader.getClass().getModule() == ImageIO.class.getModule()) {
        return reader;
      }
    }
    throw new InvalidRequestException("this Java runtime has no reader for " + format);
  }

  private static void requireSize(int width, int height, String origin) {
    if (width < 1 || height < 1 || (long) width * height > MAX_PIXELS) {
      throw new InvalidRequestException(
          origin
              + " claims to have "
              + width
              + "x"
              + height
              + " pixels; from 1 to "
              + MAX_PIXELS
              + " are read, so scale it down first");
    }
  }

  private static void requireColors(ColorSpace colors, String origin) {
    if (colors.getType() != ColorSpace.TYPE_RGB && colors.getType() != ColorSpace.TYPE_GRAY) {
      // The JDK would convert them by a color space of its own and give quite other colors.
      throw new InvalidRequestException(
          origin
              + " has "
              + colors.getNumComponents()
              + " color components that are neither RGB nor gray; convert it to RGB first");
    }
  }

  private static InvalidRequestException damaged(String origin, ImageFormat format, Exception e) {
    return new InvalidRequestException(
        origin
            + " begins like a "
            + format
            + " image but cannot be decoded ("
            + e
            + "); it is damaged or of a rare kind, so save it anew as an RGB PNG",
        e);
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
