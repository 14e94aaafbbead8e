package dev.showo2.media;

import dev.showo2.media.internal.Orientation;
import java.nio.ByteBuffer;

/** The EXIF data of a PNG file: its chunk eXIf. */
final class PngExif {

  private static final int SIGNATURE_BYTES = 8;
  private static final int CHUNK = 0x65584966;

  private PngExif() {}

  /** Reads as far as the chunks are sound, and gives {@link Orientation#NORMAL} if none tells. */
  static Orientation orientation(byte[] file) {
    ByteBuffer png = ByteBuffer.wrap(file);
    png.position(Math.min(SIGNATURE_BYTES, file.length));
    while (png.remaining() >= 2 * Integer.BYTES) {
      int length = png.getInt();
      int type = png.getInt();
      if (length < 0 || length > png.remaining() - Integer.BYTES) {
        return Orientation.NORMAL;
      }
      if (type == CHUNK) {
        return ExifOrientation.read(ByteBuffer.wrap(file, png.position(), length));
      }
      png.position(png.position() + length + Integer.BYTES);
    }
    return Orientation.NORMAL;
  }
}
