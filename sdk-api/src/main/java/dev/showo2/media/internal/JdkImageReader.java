package dev.showo2.media.internal;

import dev.showo2.error.InvalidRequestException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Iterator;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.apiguardian.api.API;

/** Decodes image files with the JDK's own readers, within limits. Stateless and thread-safe. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class JdkImageReader {

  private JdkImageReader() {}

  /** One step of reading with an open reader. */
  @FunctionalInterface
  public interface Decoding {

    /**
     * Reads what is wanted.
     *
     * @param reader positioned at the first image, whose size has been checked
     * @return the image
     * @throws IOException if the file is corrupt
     */
    BufferedImage decode(ImageReader reader) throws IOException;
  }

  /**
   * Decodes the first image of a file.
   *
   * @param bytes a whole image file
   * @param format of the file
   * @param origin where the bytes come from, for messages
   * @param sizeCheck sees the size first
   * @param decoding reads the image
   * @return the image
   * @throws InvalidRequestException if the file is corrupt or too large
   */
  public static BufferedImage decode(
      byte[] bytes, ImageFormat format, String origin, SizeCheck sizeCheck, Decoding decoding) {
    ImageReader reader = reader(format);
    try (ImageInputStream input =
        new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
      // Metadata is skipped: it is not needed, and compressed text could inflate without limit.
      reader.setInput(input, true, true);
      sizeCheck.check(reader.getWidth(0), reader.getHeight(0));
      return decoding.decode(reader);
    } catch (InvalidRequestException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // The JDK's readers throw unchecked exceptions for some corrupt files.
      throw corrupt(origin, format, e);
    } finally {
      reader.dispose();
    }
  }

  private static ImageReader reader(ImageFormat format) {
    Iterator<ImageReader> readers =
        ImageIO.getImageReadersByFormatName(format.name().toLowerCase(Locale.ROOT));
    while (readers.hasNext()) {
      ImageReader reader = readers.next();
      // Plug-ins of the application may convert colors differently.
      if (reader.getClass().getModule() == ImageIO.class.getModule()) {
        return reader;
      }
    }
    throw new InvalidRequestException("this Java runtime has no reader for " + format);
  }

  /**
   * Reports a file that begins like an image of its format and cannot be decoded.
   *
   * @param origin where the bytes come from
   * @param format of the file
   * @param e the cause
   * @return the exception to throw
   */
  public static InvalidRequestException corrupt(String origin, ImageFormat format, Exception e) {
    return new InvalidRequestException(
        origin
            + " begins like "
            + format.withArticle()
            + " image but cannot be decoded ("
            + (e instanceof EOFException && e.getMessage() == null ? "the file ends too early" : e)
            + "); it is corrupt or of an unsupported kind, so save it anew as an RGB PNG",
        e);
  }
}
