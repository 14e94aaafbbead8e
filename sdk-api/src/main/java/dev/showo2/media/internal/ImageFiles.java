package dev.showo2.media.internal;

import dev.showo2.error.InsufficientMemoryException;
import dev.showo2.error.InvalidRequestException;
import dev.showo2.error.internal.Interruptions;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apiguardian.api.API;

/** Opens image files, or what is like one, within limits. Stateless and thread-safe. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class ImageFiles {

  /** The largest number of pixels. */
  public static final long MAX_PIXELS = 100_000_000;

  private static final int MAX_FILE_BYTES = 512 << 20;
  private static final String EXPECTED = "a PNG, JPEG, BMP, GIF, TIFF or WebP image was expected";

  private ImageFiles() {}

  /**
   * Reads a file once, to its end.
   *
   * @param <T> type of the result
   * @param file may be a pipe
   * @param decoding decodes the image; called once
   * @return its result
   * @throws InvalidRequestException if there is no image file, or a corrupt or too large one
   * @throws InsufficientMemoryException if the heap is too small for the image
   */
  public static <T> T read(Path file, Function<StillImage, T> decoding) {
    String origin = file.toString();
    return withinMemory(origin, () -> decoding.apply(open(bytes(file), origin)));
  }

  /**
   * Reads the mask of an edit.
   *
   * @param file as in {@link #read}
   * @return see {@link StillImage#readMask}
   */
  public static BufferedImage readMask(Path file) {
    String origin = file.toString();
    return withinMemory(
        origin,
        () -> {
          byte[] bytes = bytes(file);
          return open(bytes, origin).readMask(bytes);
        });
  }

  /**
   * Decodes a file in memory.
   *
   * @param <T> type of the result
   * @param bytes a whole image file
   * @param origin where the bytes come from, for messages
   * @param decoding as in {@link #read}
   * @return its result
   * @throws InvalidRequestException as {@link #read}
   * @throws InsufficientMemoryException as {@link #read}
   */
  public static <T> T decode(byte[] bytes, String origin, Function<StillImage, T> decoding) {
    return withinMemory(origin, () -> decoding.apply(open(bytes, origin)));
  }

  private static StillImage open(byte[] file, String origin) {
    return StillImage.open(file, format(file, origin), origin, MAX_PIXELS);
  }

  private static <T> T withinMemory(String origin, Supplier<T> reading) {
    try {
      return reading.get();
    } catch (OutOfMemoryError e) {
      throw new InsufficientMemoryException(
          "the heap of "
              + (Runtime.getRuntime().maxMemory() >> 20)
              + " MiB is too small to read "
              + origin
              + ", which takes four bytes a pixel; raise -Xmx or scale the image down",
          e);
    }
  }

  private static byte[] bytes(Path file) {
    if (Files.isDirectory(file)) {
      throw new InvalidRequestException(EXPECTED + ", but " + file + " is a directory");
    }
    if (!Files.exists(file)) {
      throw new InvalidRequestException(EXPECTED + ", but there is no file " + file);
    }
    try {
      if (Files.isRegularFile(file)) {
        requireSize(file, Files.size(file), "");
        return Files.readAllBytes(file);
      }
      try (InputStream input = Files.newInputStream(file)) {
        byte[] bytes = input.readNBytes(MAX_FILE_BYTES + 1);
        requireSize(file, bytes.length, " or more");
        return bytes;
      }
    } catch (IOException e) {
      throw Interruptions.cancelledOr(
          e, () -> new InvalidRequestException("cannot read " + file + ": " + e.getMessage(), e));
    }
  }

  private static void requireSize(Path file, long bytes, String orMore) {
    if (bytes > MAX_FILE_BYTES) {
      throw new InvalidRequestException(
          file + " has " + bytes + " bytes" + orMore + "; at most " + MAX_FILE_BYTES + " are read");
    }
  }

  private static ImageFormat format(byte[] bytes, String origin) {
    if (bytes.length == 0) {
      throw new InvalidRequestException(EXPECTED + ", but " + origin + " is empty");
    }
    return ImageFormat.of(bytes)
        .orElseThrow(
            () -> new InvalidRequestException(EXPECTED + ", but " + origin + found(bytes)));
  }

  private static String found(byte[] bytes) {
    return ImageFormat.unsupported(bytes)
        .map(name -> " is " + name + " and not read; save it as PNG or JPEG")
        .orElseGet(() -> " begins with " + ImageFormat.beginning(bytes));
  }
}
