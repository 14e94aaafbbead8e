package dev.showo2.media.png.internal;

import dev.showo2.media.internal.RgbSource;
import dev.showo2.media.internal.SizeCheck;
import java.io.EOFException;
import java.io.IOException;
import org.apiguardian.api.API;

/**
 * Decodes a PNG file row by row: all color types and depths, interlaced or not. Gray is copied,
 * alpha is dropped without compositing, of 16-bit samples the high byte is kept, and colors beyond
 * the palette are black, as in Pillow.
 *
 * <p>Takes no memory beyond a few rows; interlaced images are decoded as a whole, with three bytes
 * a pixel. Not thread-safe.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class PngDecoder implements RgbSource {

  /** First column and row of a pass, and the steps from there. */
  private static final int[][] PASSES = {
    {0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}
  };

  private final PngChunks chunks;
  private final PngHeader header;
  private final PngPixels pixels;
  private final PngRows rows;

  /** All pixels of an interlaced image, once they are decoded. */
  private byte[] interlaced;

  private int nextRow;

  private PngDecoder(PngChunks chunks) {
    this.chunks = chunks;
    this.header = chunks.header;
    this.pixels = new PngPixels(header, chunks.palette);
    this.rows = new PngRows(chunks.data, header);
  }

  /**
   * Finds the chunks.
   *
   * @param file a whole file; kept, not written to
   * @param sizeCheck sees the size first
   * @return the decoder, before the first row
   * @throws IOException if the file is corrupt or ends before its pixels
   */
  public static PngDecoder open(byte[] file, SizeCheck sizeCheck) throws IOException {
    PngChunks chunks = PngChunks.read(file);
    sizeCheck.check(chunks.header.width(), chunks.header.height());
    if (chunks.damage != null) {
      throw new IOException(chunks.damage);
    }
    if (chunks.header.color() == PngHeader.Color.PALETTE && chunks.palette == null) {
      throw new IOException("it has no palette");
    }
    return new PngDecoder(chunks);
  }

  /**
   * Leaves out the chunks that say nothing about pixels, over which other decoders may stumble.
   *
   * @param file a whole file that {@link #open} takes
   * @return the same image without them
   */
  public static byte[] withoutMetadata(byte[] file) {
    return PngChunks.withoutMetadata(file);
  }

  /** {@return the EXIF data of a chunk or, failing that, of a text; null if there is none} */
  public byte[] exif() {
    return chunks.exif == null && chunks.exifText != null ? chunks.exifText.profile() : chunks.exif;
  }

  /** {@return the XMP packet; null if there is none} */
  public byte[] xmp() {
    return chunks.xmpText == null ? null : chunks.xmpText.value();
  }

  @Override
  public int width() {
    return header.width();
  }

  @Override
  public int height() {
    return header.height();
  }

  @Override
  public void next(byte[] rgb) throws IOException {
    if (header.interlaced()) {
      if (interlaced == null) {
        interlaced = decodeInterlaced();
      }
      System.arraycopy(interlaced, nextRow * 3 * width(), rgb, 0, 3 * width());
    } else {
      pixels.toRgb(rows.next(width()), width(), rgb, 0, 3);
    }
    if (++nextRow == height()) {
      rows.finish();
    }
  }

  private byte[] decodeInterlaced() throws IOException {
    byte[] all = new byte[Math.multiplyExact(3 * width(), height())];
    for (int[] pass : PASSES) {
      int count = (width() - pass[0] + pass[2] - 1) / pass[2];
      if (count <= 0) {
        continue;
      }
      rows.beginPass();
      for (int y = pass[1]; y < height(); y += pass[3]) {
        int first = 3 * (y * width() + pass[0]);
        pixels.toRgb(rows.next(count), count, all, first, 3 * pass[2]);
      }
    }
    return all;
  }

  static EOFException tooShort() {
    return new EOFException("the file ends within its pixels");
  }
}
