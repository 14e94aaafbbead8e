package dev.showo2.media.internal;

import static java.util.Map.entry;

import dev.showo2.media.internal.TiffDirectory.Kind;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The first page of a TIFF file, decoded by the JDK if it does so in the colors of Pillow, and if
 * what the file asks for is in proportion to the image. Stateless.
 */
final class TiffImage {

  private static final int WIDTH = 256;
  private static final int HEIGHT = 257;
  private static final int BITS = 258;
  private static final int COMPRESSION = 259;
  private static final int COLORS = 262;
  private static final int STRIP_OFFSETS = 273;
  private static final int SAMPLES = 277;
  private static final int STRIP_LENGTHS = 279;
  private static final int COLOR_MAP = 320;
  private static final int TILE_WIDTH = 322;
  private static final int TILE_HEIGHT = 323;
  private static final int TILE_OFFSETS = 324;
  private static final int TILE_LENGTHS = 325;

  private static final Map<Integer, Kind> KINDS =
      Map.ofEntries(
          entry(WIDTH, Kind.LONG),
          entry(HEIGHT, Kind.LONG),
          entry(BITS, Kind.SAMPLES),
          entry(COMPRESSION, Kind.SHORT),
          entry(COLORS, Kind.SHORT),
          entry(STRIP_OFFSETS, Kind.PARTS),
          entry(SAMPLES, Kind.SHORT),
          entry(STRIP_LENGTHS, Kind.PARTS),
          entry(COLOR_MAP, Kind.COLORS),
          entry(TILE_WIDTH, Kind.LONG),
          entry(TILE_HEIGHT, Kind.LONG),
          entry(TILE_OFFSETS, Kind.PARTS),
          entry(TILE_LENGTHS, Kind.PARTS),
          // The order of bits, rows of a strip, planes.
          entry(266, Kind.SHORT),
          entry(278, Kind.LONG),
          entry(284, Kind.SHORT),
          // Settings of compressions.
          entry(292, Kind.LONG),
          entry(293, Kind.LONG),
          entry(317, Kind.SHORT),
          entry(347, Kind.OPAQUE),
          // Alpha and format of samples.
          entry(338, Kind.SAMPLES),
          entry(339, Kind.SAMPLES),
          // Luma and chroma.
          entry(529, Kind.FRACTIONS),
          entry(530, Kind.SAMPLES),
          entry(531, Kind.SHORT),
          entry(532, Kind.FRACTIONS));

  private static final long PALETTE = 3;

  /** Gray from white or from black, RGB, palette, luma and chroma; not CMYK and Lab. */
  private static final Set<Long> READ = Set.of(0L, 1L, 2L, PALETTE, 6L);

  private static final int UNCOMPRESSED = 1;
  private static final int OLD_JPEG = 6;
  private static final int MAX_BITS = 16;
  private static final int MAX_SAMPLES = 8;

  /** Tiles are decoded as a whole; small images may have large ones. */
  private static final long MAX_TILE_BYTES = 16 << 20;

  private TiffImage() {}

  /**
   * Decodes the page.
   *
   * @param file the whole file
   * @param origin where it comes from, for messages
   * @param sizeCheck sees the size first
   */
  static BufferedImage read(byte[] file, String origin, SizeCheck sizeCheck) throws IOException {
    TiffDirectory directory = TiffDirectory.read(file, KINDS);
    long colors = directory.valueOr(COLORS, 0);
    requireKind(directory, colors);
    requireProportions(directory, file.length);
    return JdkImageReader.decode(
        directory.withoutOthers(),
        ImageFormat.TIFF,
        origin,
        sizeCheck,
        reader -> {
          BufferedImage image = reader.read(0);
          int space = image.getColorModel().getColorSpace().getType();
          int type = image.getColorModel().getTransferType();
          if (space != ColorSpace.TYPE_RGB && space != ColorSpace.TYPE_GRAY
              || type != DataBuffer.TYPE_BYTE && type != DataBuffer.TYPE_USHORT) {
            // The JDK would convert them in a way of its own, with quite different colors.
            throw new IOException("its samples are not 8 or 16 bits of RGB or gray");
          }
          if (colors == PALETTE) {
            return withColors(image, directory);
          }
          boolean premultiplied = image.isAlphaPremultiplied() && space == ColorSpace.TYPE_RGB;
          return premultiplied ? divided(image.getRaster(), type) : image;
        });
  }

  private static void requireKind(TiffDirectory directory, long colors) throws IOException {
    long compression = directory.valueOr(COMPRESSION, UNCOMPRESSED);
    long samples = directory.valueOr(SAMPLES, 1);
    if (!READ.contains(colors) || compression == OLD_JPEG || colors == PALETTE && samples != 1) {
      throw new IOException(
          "it has the color type "
              + colors
              + " with compression "
              + compression
              + ", which the JDK would show in other colors");
    }
    for (int i = 0; i < directory.count(BITS); i++) {
      long bits = directory.value(BITS, i);
      if (bits < 1 || bits > MAX_BITS) {
        throw new IOException("it has samples of " + bits + " bits; 1 to 16 are read");
      }
    }
    if (samples < 1 || samples > MAX_SAMPLES) {
      throw new IOException("it has " + samples + " samples a pixel; 1 to 8 are read");
    }
  }

  /** The JDK allocates what the file claims before it reads. */
  private static void requireProportions(TiffDirectory directory, int length) throws IOException {
    long image = directory.valueOr(WIDTH, 0) * directory.valueOr(HEIGHT, 0);
    long columns = directory.valueOr(TILE_WIDTH, 0);
    long rows = directory.valueOr(TILE_HEIGHT, 0);
    long most = Math.max(4 * image, MAX_TILE_BYTES / pixelBytes(directory));
    if (columns > 0 && rows > most / columns) {
      throw new IOException(
          "its tiles of " + columns + "x" + rows + " pixels are much larger than the image");
    }
    long samples = image * directory.valueOr(SAMPLES, 1);
    for (int tag : List.of(STRIP_OFFSETS, STRIP_LENGTHS, TILE_OFFSETS, TILE_LENGTHS)) {
      if (directory.count(tag) > samples) {
        throw new IOException(
            "it has " + directory.count(tag) + " parts of " + samples + " samples");
      }
    }
    if (directory.valueOr(COMPRESSION, UNCOMPRESSED) != UNCOMPRESSED) {
      boolean tiled = directory.count(TILE_OFFSETS) > 0;
      int offsets = tiled ? TILE_OFFSETS : STRIP_OFFSETS;
      int lengths = tiled ? TILE_LENGTHS : STRIP_LENGTHS;
      if (directory.count(lengths) < directory.count(offsets)) {
        throw new IOException("it does not say how long its parts are");
      }
      for (int i = 0; i < directory.count(offsets); i++) {
        if (directory.value(offsets, i) + directory.value(lengths, i) > length) {
          throw new EOFException("the file ends within its pixels");
        }
      }
    }
  }

  /** Bytes of a pixel as it is decoded; samples of less than 8 bits may take one each. */
  private static long pixelBytes(TiffDirectory directory) {
    long most = 1;
    for (int i = 0; i < directory.count(BITS); i++) {
      most = Math.max(most, directory.value(BITS, i) > Byte.SIZE ? 2 : 1);
    }
    return most * directory.valueOr(SAMPLES, 1);
  }

  /** Divides colors by their alpha, both of 8 bits, as Pillow does. */
  private static BufferedImage divided(Raster raster, int type) {
    int shift = type == DataBuffer.TYPE_USHORT ? 8 : 0;
    int width = raster.getWidth();
    BufferedImage image = new BufferedImage(width, raster.getHeight(), BufferedImage.TYPE_INT_RGB);
    int bands = raster.getNumBands();
    int[] samples = new int[bands * width];
    int[] row = new int[width];
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(0, y, width, 1, samples);
      for (int x = 0; x < width; x++) {
        int alpha = samples[bands * x + bands - 1] >> shift;
        row[x] = 0;
        for (int channel = 0; alpha > 0 && channel < 3; channel++) {
          int color = (samples[bands * x + channel] >> shift) * 255 / alpha;
          row[x] |= Math.min(255, color) << 16 - 8 * channel;
        }
      }
      image.getRaster().setDataElements(0, y, width, 1, row);
    }
    return image;
  }

  /** Sets the high bytes of a palette's 16 bits, as Pillow does; the JDK rounds them. */
  private static BufferedImage withColors(BufferedImage image, TiffDirectory directory)
      throws IOException {
    int colors = Math.min(256, directory.count(COLOR_MAP) / 3);
    if (colors == 0) {
      throw new IOException("it has no palette");
    }
    byte[][] channels = new byte[3][colors];
    for (int i = 0; i < 3 * colors; i++) {
      channels[i / colors][i % colors] = (byte) (directory.value(COLOR_MAP, i) >> 8);
    }
    int bits = image.getColorModel().getPixelSize();
    return new BufferedImage(
        new IndexColorModel(bits, colors, channels[0], channels[1], channels[2]),
        image.getRaster(),
        false,
        null);
  }
}
