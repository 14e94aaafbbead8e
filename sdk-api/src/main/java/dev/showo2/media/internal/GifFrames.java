package dev.showo2.media.internal;

import dev.showo2.media.ImageDecoder;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * Splits a GIF into its images, without decoding them and with one in memory at a time. Comments
 * and other extensions are left out: the reader of javax.imageio needs a time that grows with the
 * square of a comment's length, minutes for a file of ten megabytes. Not thread-safe.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class GifFrames implements Closeable {

  private static final int IMAGE = 0x2c;
  private static final int EXTENSION = 0x21;
  private static final int TRAILER = 0x3b;
  private static final int GRAPHIC_CONTROL = 0xf9;
  private static final int GRAPHIC_CONTROL_BYTES = 4;
  private static final int SCREEN_FLAGS = 10;
  private static final int PALETTE = 0x80;
  private static final int INTERLACED = 0x40;
  private static final int TRANSPARENT = 0x01;

  private final DataInputStream input;
  private final byte[] screen;
  private final byte[] palette;
  private byte[] control = new byte[0];

  private GifFrames(DataInputStream input, byte[] screen, byte[] palette) {
    this.input = input;
    this.screen = screen;
    this.palette = palette;
  }

  /**
   * Reads the header of a GIF.
   *
   * @param input closed with the returned object
   * @return the images, to be closed by the caller
   * @throws IOException if the file ends within its first bytes or is no GIF; the input is closed
   */
  public static GifFrames of(InputStream input) throws IOException {
    DataInputStream data = new DataInputStream(input);
    try {
      byte[] screen = exactly(data, 13);
      if (ImageFormat.of(screen).orElse(null) != ImageFormat.GIF) {
        throw new IOException("it does not begin like a GIF");
      }
      return new GifFrames(data, screen, exactly(data, paletteBytes(screen[SCREEN_FLAGS])));
    } catch (IOException | RuntimeException | Error e) {
      try (data) {
        throw e; // after closing
      }
    }
  }

  /** {@return the width of the screen in pixels; may be 0} */
  public int width() {
    return unsignedShort(screen, 6);
  }

  /** {@return the height of the screen in pixels; may be 0} */
  public int height() {
    return unsignedShort(screen, 8);
  }

  /**
   * Reads the next image.
   *
   * @return the next image; empty at the end of the file, with or without the trailer
   * @throws IOException if the file ends within an image or is corrupt
   */
  public Optional<GifFrame> next() throws IOException {
    while (true) {
      int block = input.read();
      switch (block) {
        case IMAGE -> {
          return Optional.of(image());
        }
        case EXTENSION -> extension();
        case TRAILER, -1 -> {
          return Optional.empty();
        }
        default -> {
          // Some programs leave a byte too much between blocks, usually a zero.
        }
      }
    }
  }

  private void extension() throws IOException {
    int label = input.readUnsignedByte();
    int length = input.readUnsignedByte();
    if (label == GRAPHIC_CONTROL && length >= GRAPHIC_CONTROL_BYTES) {
      control = exactly(input, GRAPHIC_CONTROL_BYTES);
      input.skipNBytes(length - GRAPHIC_CONTROL_BYTES);
      length = input.readUnsignedByte();
    }
    while (length > 0) {
      input.skipNBytes(length);
      length = input.readUnsignedByte();
    }
  }

  private GifFrame image() throws IOException {
    byte[] place = exactly(input, 9);
    int width = unsignedShort(place, 4);
    int height = unsignedShort(place, 6);
    byte[] local = exactly(input, paletteBytes(place[8]));
    int codeBits = input.readUnsignedByte();
    // Pixels that are refused for their size before they are decoded are not kept.
    boolean tooLarge = (long) width * height > ImageDecoder.MAX_PIXELS;
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    copyPixels(tooLarge ? OutputStream.nullOutputStream() : data, 4L * width * height + (1 << 16));
    boolean controlled = control.length > 0;
    GifFrame frame =
        new GifFrame(
            unsignedShort(place, 0),
            unsignedShort(place, 2),
            width,
            height,
            controlled ? unsignedShort(control, 1) : 0,
            GifFrame.Disposal.of(controlled ? control[0] >> 2 & 7 : 0),
            (place[8] & INTERLACED) != 0,
            (place[8] & PALETTE) != 0 ? local : palette,
            controlled && (control[0] & TRANSPARENT) != 0 ? control[3] & 0xff : -1,
            codeBits,
            data.toByteArray());
    control = new byte[0];
    return frame;
  }

  /**
   * Copies the compressed pixels.
   *
   * @param limit more bytes than this number of pixels can need, since no code has more than 12
   *     bits
   */
  private void copyPixels(OutputStream data, long limit) throws IOException {
    long copied = 0;
    for (int length = input.readUnsignedByte(); length > 0; length = input.readUnsignedByte()) {
      data.write(exactly(input, length));
      copied += length;
      if (copied > limit) {
        throw new IOException("an image has more than " + limit + " bytes for its pixels");
      }
    }
  }

  private static int paletteBytes(byte flags) {
    return (flags & PALETTE) == 0 ? 0 : 3 << (flags & 7) + 1;
  }

  private static int unsignedShort(byte[] bytes, int at) {
    return bytes[at] & 0xff | (bytes[at + 1] & 0xff) << 8;
  }

  private static byte[] exactly(DataInputStream input, int count) throws IOException {
    byte[] bytes = new byte[count];
    input.readFully(bytes);
    return bytes;
  }

  @Override
  public void close() throws IOException {
    input.close();
  }
}
