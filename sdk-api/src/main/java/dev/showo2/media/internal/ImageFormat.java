package dev.showo2.media.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
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
  GIF(bytes("GIF8")),
  /** AVIF, animated or not; read through FFmpeg. */
  AVIF("avif", "avis"),
  /** HEIC and other HEIF images, animated or not; read through FFmpeg. */
  HEIC(
      "heic", "heix", "heim", "heis", "mif1", "mif2", "miaf", "hevc", "hevx", "hevm", "hevs",
      "msf1");

  /** The number of bytes of a file that are enough to recognize every format. */
  public static final int NEEDED_BYTES = 64;

  /** The number of bytes of a file that messages show. */
  private static final int SHOWN_BYTES = 8;

  private static final int MAJOR_BRAND = 8;

  private static final Set<String> ANIMATED =
      Set.of("avis", "hevc", "hevx", "hevm", "hevs", "msf1");

  private final byte[] signature;
  private final Set<String> brands;

  ImageFormat(byte[] signature) {
    this.signature = signature;
    this.brands = Set.of();
  }

  ImageFormat(String... brands) {
    this.signature = new byte[0];
    this.brands = Set.of(brands);
  }

  private static byte[] bytes(String signature) {
    return signature.getBytes(StandardCharsets.ISO_8859_1);
  }

  /**
   * Recognizes a format.
   *
   * @param file its first {@link #NEEDED_BYTES} bytes or more
   * @return the format, or empty if the file is none of the supported images
   */
  public static Optional<ImageFormat> of(byte[] file) {
    String brand = brand(file, MAJOR_BRAND);
    if (brand.equals("mif1") || brand.equals("msf1")) {
      // The structure alone; the other brands say how the pixels are stored.
      for (int at = MAJOR_BRAND + 8; at < Math.min(ftypBytes(file), NEEDED_BYTES); at += 4) {
        if (AVIF.brands.contains(brand(file, at))) {
          return Optional.of(AVIF);
        }
      }
    }
    for (ImageFormat format : values()) {
      if (format.begins(file)) {
        return Optional.of(format);
      }
    }
    return Optional.empty();
  }

  /**
   * Tells animations of HEIF and AVIF from still images.
   *
   * @param file its first {@link #NEEDED_BYTES} bytes or more
   * @return whether the file says in the first place that it is an animation
   */
  public static boolean isAnimatedHeif(byte[] file) {
    return ANIMATED.contains(brand(file, MAJOR_BRAND));
  }

  /** The four letters of a brand of HEIF; empty if the file has none there. */
  private static String brand(byte[] file, int at) {
    boolean ftyp =
        file.length >= at + 4
            && file[4] == 'f'
            && file[5] == 't'
            && file[6] == 'y'
            && file[7] == 'p';
    return ftyp ? new String(file, at, 4, StandardCharsets.ISO_8859_1) : "";
  }

  private static int ftypBytes(byte[] file) {
    return ByteBuffer.wrap(file).getInt();
  }

  private boolean begins(byte[] file) {
    if (!brands.isEmpty()) {
      return brands.contains(brand(file, MAJOR_BRAND));
    }
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

  /** {@return the name with its article, such as "a PNG" or "an AVIF"} */
  public String withArticle() {
    return (this == AVIF ? "an " : "a ") + this;
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
