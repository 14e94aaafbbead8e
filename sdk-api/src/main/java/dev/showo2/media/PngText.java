package dev.showo2.media;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.media.internal.ImageFormat;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apiguardian.api.API;

/**
 * The texts that a PNG file carries beside its pixels, by keyword: for images made by the SDK the
 * settings that make them again. Immutable.
 *
 * <p>Keywords have 1 to 79 printable characters of Latin-1 and neither begin nor end with a space
 * nor hold two in a row. Values may hold any text; NUL and surrogates without a partner, which PNG
 * cannot hold, are replaced by U+FFFD.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record PngText(Map<String, String> entries) {

  /** No text at all. */
  public static final PngText NONE = new PngText(Map.of());

  /**
   * @throws IllegalArgumentException if a keyword is not one that PNG allows
   */
  public PngText {
    Map<String, String> checked = new LinkedHashMap<>();
    entries.forEach((keyword, value) -> checked.put(requireKeyword(keyword), storable(value)));
    entries = Collections.unmodifiableMap(checked);
  }

  /**
   * These texts and one more, or one of them replaced.
   *
   * @throws IllegalArgumentException if the keyword is not one that PNG allows
   */
  public PngText with(String keyword, String value) {
    Map<String, String> more = new LinkedHashMap<>(entries);
    more.put(keyword, value);
    return new PngText(more);
  }

  /**
   * Reads the texts of a file, compressed or not, without decoding its pixels. Of texts with the
   * same keyword the last one counts; texts under a keyword that PNG does not allow are left out.
   *
   * @throws InvalidRequestException if the file cannot be read, is no PNG, or has texts of more
   *     than 16 MiB; the message names the file, what was expected and what was found
   */
  public static PngText read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new InvalidRequestException("a PNG image was expected, but there is no file " + file);
    }
    try (InputStream input = new BufferedInputStream(Files.newInputStream(file))) {
      byte[] beginning = input.readNBytes(ImageFormat.SHOWN_BYTES);
      if (ImageFormat.of(beginning).orElse(null) != ImageFormat.PNG) {
        throw new InvalidRequestException(
            "a PNG image was expected, but "
                + file
                + (beginning.length == 0
                    ? " is empty"
                    : " begins with " + ImageFormat.beginning(beginning)));
      }
      Map<String, String> found = PngTextChunks.read(input);
      found.keySet().removeIf(keyword -> !isKeyword(keyword));
      return new PngText(found);
    } catch (EOFException e) {
      throw new InvalidRequestException(file + " is a PNG image that ends too early", e);
    } catch (IOException e) {
      throw new InvalidRequestException(
          "cannot read the text of " + file + ": " + e.getMessage(), e);
    }
  }

  private static String requireKeyword(String keyword) {
    if (!isKeyword(keyword)) {
      throw new IllegalArgumentException(
          "a PNG keyword has 1 to 79 printable Latin-1 characters and single spaces only between"
              + " words, got '"
              + keyword
              + "'");
    }
    return keyword;
  }

  private static boolean isKeyword(String keyword) {
    return !keyword.isEmpty()
        && keyword.length() <= 79
        && keyword.chars().allMatch(c -> c >= 0x20 && c <= 0x7e || c >= 0xa1 && c <= 0xff)
        && keyword.equals(keyword.strip())
        && !keyword.contains("  ");
  }

  private static String storable(String value) {
    StringBuilder text = new StringBuilder(value.length());
    value
        .codePoints()
        .forEach(c -> text.appendCodePoint(c == 0 || c >= 0xd800 && c <= 0xdfff ? 0xfffd : c));
    return text.toString();
  }
}
