package dev.showo2.media;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.error.internal.Interruptions;
import dev.showo2.media.internal.PendingFile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.apiguardian.api.API;

/**
 * Writes images as PNG, with text in addition to the pixels; {@link PngText#read} reads it back.
 * Works without a display and does not change the settings of {@link ImageIO}. Stateless and
 * thread-safe.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class PngWriter {

  private PngWriter() {}

  /**
   * Encodes an image without loss: reading the file gives the same pixels.
   *
   * @param image of any type; not written to
   * @param text for the text chunks; {@link PngText#NONE} for none
   * @return the bytes of a whole PNG file
   */
  public static byte[] encode(BufferedImage image, PngText text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
    try (ImageOutputStream output = new MemoryCacheImageOutputStream(bytes)) {
      IIOMetadata metadata =
          writer.getDefaultImageMetadata(
              ImageTypeSpecifier.createFromRenderedImage(image), writer.getDefaultWriteParam());
      metadata.mergeTree(PngTextChunks.FORMAT, PngTextChunks.tree(text));
      writer.setOutput(output);
      writer.write(new IIOImage(image, null, metadata));
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  /**
   * Writes a PNG file, replacing an existing one. The file appears whole or not at all: the bytes
   * go to a temporary file in the same directory, which is then moved into place and removed on
   * failure.
   *
   * <p>A link is followed: the file that it leads to is replaced.
   *
   * @param image of any type; not written to
   * @param text for the text chunks; {@link PngText#NONE} for none
   * @param file to write
   * @throws InvalidRequestException if the directory is missing, or the path is a directory or
   *     anything else but a file
   * @throws UncheckedIOException if the disk refuses; the message names the file and the reason
   */
  public static void write(BufferedImage image, PngText text, Path file) {
    try (PendingFile pending = PendingFile.file(file, "an image")) {
      Files.write(
          pending.path(),
          encode(image, text),
          StandardOpenOption.CREATE_NEW,
          StandardOpenOption.WRITE);
      pending.complete();
    } catch (IOException e) {
      throw Interruptions.cancelledOr(
          e,
          () ->
              new UncheckedIOException(
                  "cannot write an image to " + file + ": " + e.getMessage(), e));
    }
  }
}
