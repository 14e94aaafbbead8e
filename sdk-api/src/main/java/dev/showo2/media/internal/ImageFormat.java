package dev.showo2.media.internal;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * The image formats that are read, told by their first bytes. Asking every installed reader instead
 * would let some claim files that are no images at all.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public enum ImageFormat {
  PNG(bytes("\u0089PNG\r\n\u001a\n")),
  JPEG(bytes("\u00ff\u00d8\u00ff")),
  BMP(bytes("BM")),
  GIF(bytes("GIF8"));

  /** How many bytes of a file a message shows; enough to tell every format. */
  public static final int SHOWN_BYTES = 8;

  private final byte[] signature;

  ImageFormat(byte[] signature) {
    this.signature = signature;
  }

  private static byte[] bytes(String signature) {
    return signature.getBytes(StandardCharsets.ISO_8859_1);
  }

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

  /** What a file begins with, for a message: {@code 48 65 6c 6c 6f "Hello"}. */
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
