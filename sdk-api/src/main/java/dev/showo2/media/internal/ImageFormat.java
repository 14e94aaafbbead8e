package dev.showo2.media.internal;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * The supported image formats, recognized by their first bytes. Some installed readers would claim
 * files that are no images.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public enum ImageFormat {
  /** Portable Network Graphics. */
  PNG(bytes("\u0089PNG\r\n\u001a\n")),
  /** JPEG, as JFIF or EXIF. */
  JPEG(bytes("\u00ff\u00d8\u00ff")),
  /** Windows bitmaps. */
  BMP(bytes("BM")),
  /** GIF, animated or not. */
  GIF(bytes("GIF8"));

  /** The number of bytes of a file that messages show; enough to recognize every format. */
  public static final int SHOWN_BYTES = 8;

  private final byte[] signature;

  ImageFormat(byte[] signature) {
    this.signature = signature;
  }

  private static byte[] bytes(String signature) {
    return signature.getBytes(StandardCharsets.ISO_8859_1);
  }

  /**
   * Recognizes a format.
   *
   * @param file its first {@link #SHOWN_BYTES} bytes or more
   * @return the format, or empty if the file is none of the supported images
   */
  public static Optional<ImageFormat> of(byte[] file) {
    for (ImageFormat format : values()) {
      if (format.begins(file)) {
        return Optional.of(format);
      }
    }
    return Optional.empty();
  }

  private boolean begins(byte[] file) {
    if (file.length < signature.length) {
      return false;
    }
    for (int i = 0; i < signature.length; i++) {
      if (file[i] != signature[i]) {
        return false;
      }
    }
    return true;
  }

  /**
   * Formats the first bytes of a file for a message.
   *
   * @param file its first bytes
   * @return a text such as {@code 48 65 6c 6c 6f "Hello"}
   */
  public static String beginning(byte[] file) {
    StringBuilder hex = new StringBuilder();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < Math.min(SHOWN_BYTES, file.length); i++) {
      hex.append(String.format("%02x ", file[i]));
      text.append(file[i] >= ' ' && file[i] < 0x7f ? (char) file[i] : '.');
    }
    return hex + "\"" + text + "\"";
  }
}
