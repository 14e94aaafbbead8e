package dev.showo2.media.internal;

import dev.showo2.media.ImageDecoder;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
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
  private static final int INTERLACED = 0x40;

  private final DataInputStream input;
  private final byte[] head;
  private byte[] control = new byte[0];

  private GifFrames(DataInputStream input, byte[] head) {
    this.input = input;
    this.head = head;
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
      return new GifFrames(data, join(screen, exactly(data, paletteBytes(screen[SCREEN_FLAGS]))));
    } catch (IOException | RuntimeException | Error e) {
      try (data) {
        throw e; // after closing
      }
    }
  }

  /** {@return the width of the screen in pixels; may be 0} */
  public int width() {
    return unsignedShort(head, 6);
  }

  /** {@return the height of the screen in pixels; may be 0} */
  public int height() {
    return unsignedShort(head, 8);
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
        default -> throw new IOException("a block begins with " + block);
      }
    }
  }

  private void extension() throws IOException {
    int label = input.readUnsignedByte();
    int length = input.readUnsignedByte();
    if (label == GRAPHIC_CONTROL && length == GRAPHIC_CONTROL_BYTES) {
      control = exactly(input, GRAPHIC_CONTROL_BYTES);
      length = input.readUnsignedByte();
    }
    while (length > 0) {
      input.skipNBytes(length);
      length = input.readUnsignedByte();
    }
  }

  private GifFrame image() throws IOException {
    byte[] descriptor = exactly(input, 9);
    int width = unsignedShort(descriptor, 4);
    int height = unsignedShort(descriptor, 6);
    boolean interlaced = (descriptor[8] & INTERLACED) != 0;
    descriptor[8] &= ~INTERLACED;
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.write(head);
    if (control.length > 0) {
      file.write(EXTENSION);
      file.write(GRAPHIC_CONTROL);
      file.write(GRAPHIC_CONTROL_BYTES);
      file.write(control);
      file.write(0);
    }
    file.write(IMAGE);
    file.write(descriptor);
    file.write(exactly(input, paletteBytes(descriptor[8])));
    file.write(input.readUnsignedByte()); // bits of a code
    // Pixels that are refused for their size before they are decoded are not kept.
    boolean tooLarge = (long) width * height > ImageDecoder.MAX_PIXELS;
    copyPixels(tooLarge ? OutputStream.nullOutputStream() : file, 4L * width * height + (1 << 16));
    file.write(TRAILER);
    GifFrame frame =
        new GifFrame(
            unsignedShort(descriptor, 0),
            unsignedShort(descriptor, 2),
            width,
            height,
            control.length == 0 ? 0 : unsignedShort(control, 1),
            GifFrame.Disposal.of(control.length == 0 ? 0 : control[0] >> 2 & 7),
            interlaced,
            file.toByteArray());
    control = new byte[0];
    return frame;
  }

  /**
   * Copies the compressed pixels.
   *
   * @param limit more bytes than this number of pixels can need, since no code has more than 12
   *     bits
   */
  private void copyPixels(OutputStream file, long limit) throws IOException {
    long copied = 0;
    int length;
    do {
      length = input.readUnsignedByte();
      file.write(length);
      file.write(exactly(input, length));
      copied += length;
      if (copied > limit) {
        throw new IOException("an image has more than " + limit + " bytes for its pixels");
      }
    } while (length > 0);
  }

  private static int paletteBytes(byte flags) {
    return (flags & 0x80) == 0 ? 0 : 3 << (flags & 7) + 1;
  }

  private static int unsignedShort(byte[] bytes, int at) {
    return bytes[at] & 0xff | (bytes[at + 1] & 0xff) << 8;
  }

  private static byte[] join(byte[] first, byte[] second) {
    byte[] joined = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, joined, first.length, second.length);
    return joined;
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
