package dev.showo2.media.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
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
  /** TIFF; of several pages the first. */
  TIFF(bytes("II*\0")),
  /** WebP, animated or not; read through FFmpeg. */
  WEBP(bytes("RIFF")),
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
    if (this == WEBP && !has(file, 8, bytes("WEBP"))) {
      return false;
    }
    return has(file, 0, signature) || this == TIFF && has(file, 0, bytes("MM\0*"));
  }

  private static boolean has(byte[] file, int from, byte[] signature) {
    if (file.length < from + signature.length) {
      return false;
    }
    for (int i = 0; i < signature.length; i++) {
      if (file[from + i] != signature[i]) {
        return false;
      }
    }
    return true;
  }

  /**
   * Names a format that is known and not read.
   *
   * @param file its first {@link #NEEDED_BYTES} bytes or more
   * @return the name with its article; empty if the file is of none of these formats
   */
  public static Optional<String> unsupported(byte[] file) {
    for (Unsupported each : Unsupported.ALL) {
      if (has(file, 0, each.signature)) {
        return Optional.of(each.name);
      }
    }
    return Optional.empty();
  }

  private record Unsupported(String name, byte[] signature) {

    private static final List<Unsupported> ALL =
        List.of(
            of("a JPEG XL image", "\0\0\0\fJXL "),
            of("a JPEG XL image", "\u00ff\n"),
            of("a JPEG 2000 image", "\0\0\0\fjP  "),
            of("a JPEG 2000 image", "\u00ff\u004f\u00ff\u0051"),
            of("a Photoshop document", "8BPS"),
            of("an icon", "\0\0\1\0"),
            of("an SVG drawing", "<svg"),
            of("an XML file, perhaps an SVG drawing,", "<?xml"),
            of("a PDF document", "%PDF"),
            of("a PostScript document", "%!PS"),
            of("a GIMP image", "gimp xcf"),
            of("a QOI image", "qoif"),
            of("an OpenEXR image", "v/1\1"),
            of("a DirectDraw surface", "DDS "),
            of("a BigTIFF image", "II+\0"),
            of("a BigTIFF image", "MM\0+"),
            of("a web page", "<!DOCTYPE"),
            of("a web page", "<html"));

    private static Unsupported of(String name, String signature) {
      return new Unsupported(name, bytes(signature));
    }
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
