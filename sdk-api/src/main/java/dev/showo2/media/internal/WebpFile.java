package dev.showo2.media.internal;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The parts of a WebP file that matter for its pixels and their orientation. Of an animation it is
 * the first frame, which may cover a part of the canvas only.
 */
final class WebpFile {

  private static final int HEADER_BYTES = 12;
  private static final int FRAME_HEADER_BYTES = 16;

  /** The size of the canvas; 0 if it is that of the frame. */
  private int canvasWidth;

  private int canvasHeight;
  private int x;
  private int y;
  private int width;
  private int height;
  private byte[] frame;
  private byte[] exif;
  private byte[] xmp;

  private WebpFile() {}

  static WebpFile read(byte[] bytes) throws IOException {
    WebpFile file = new WebpFile();
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    try {
      long end = 8 + Integer.toUnsignedLong(buffer.getInt(4));
      if (end > bytes.length) {
        throw new EOFException("the file ends within its pixels");
      }
      file.chunks(buffer.position(HEADER_BYTES).limit((int) end));
    } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
      throw (IOException) new EOFException("the file ends within a chunk").initCause(e);
    }
    if (file.frame == null) {
      throw new IOException("it holds no image");
    }
    return file;
  }

  private void chunks(ByteBuffer buffer) {
    while (buffer.remaining() >= 8) {
      byte[] name = new byte[4];
      buffer.get(name);
      int length = buffer.getInt();
      int start = buffer.position();
      ByteBuffer content = buffer.slice(start, length).order(ByteOrder.LITTLE_ENDIAN);
      switch (new String(name, StandardCharsets.ISO_8859_1)) {
        case "VP8X" -> {
          canvasWidth = 1 + threeBytes(content, 4);
          canvasHeight = 1 + threeBytes(content, 7);
        }
        case "ANMF" -> {
          if (frame == null) {
            x = 2 * threeBytes(content, 0);
            y = 2 * threeBytes(content, 3);
            chunks(content.position(FRAME_HEADER_BYTES));
          }
        }
        case "VP8 " -> {
          if (frame == null) {
            width = content.getShort(6) & 0x3fff;
            height = content.getShort(8) & 0x3fff;
            frame = still(name, bytes(content));
          }
        }
        case "VP8L" -> {
          if (frame == null) {
            int sides = content.getInt(1);
            width = 1 + (sides & 0x3fff);
            height = 1 + (sides >> 14 & 0x3fff);
            frame = still(name, bytes(content));
          }
        }
        case "EXIF" -> exif = bytes(content);
        case "XMP " -> xmp = bytes(content);
        default -> {
          // Alpha, profiles and what else there may be.
        }
      }
      buffer.position(Math.min(buffer.limit(), start + length + length % 2));
    }
  }

  private static int threeBytes(ByteBuffer content, int at) {
    return content.getShort(at) & 0xffff | (content.get(at + 2) & 0xff) << 16;
  }

  private static byte[] bytes(ByteBuffer content) {
    return Arrays.copyOfRange(
        content.array(), content.arrayOffset(), content.arrayOffset() + content.limit());
  }

  /** A file of one chunk alone. */
  private static byte[] still(byte[] name, byte[] content) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    int padded = content.length + content.length % 2;
    file.writeBytes("RIFF".getBytes(StandardCharsets.US_ASCII));
    file.writeBytes(littleEndian(4 + 8 + padded));
    file.writeBytes("WEBP".getBytes(StandardCharsets.US_ASCII));
    file.writeBytes(name);
    file.writeBytes(littleEndian(content.length));
    file.writeBytes(content);
    file.writeBytes(new byte[padded - content.length]);
    return file.toByteArray();
  }

  private static byte[] littleEndian(int value) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
  }

  int width() {
    return width;
  }

  int height() {
    return height;
  }

  int canvasWidth() {
    return canvasWidth == 0 ? width : canvasWidth;
  }

  int canvasHeight() {
    return canvasHeight == 0 ? height : canvasHeight;
  }

  /** The left column of the frame on the canvas. */
  int x() {
    return x;
  }

  /** The top row of the frame on the canvas. */
  int y() {
    return y;
  }

  /** The frame as a file of its own, without its alpha where that is stored apart. */
  byte[] frame() {
    return frame;
  }

  /** The EXIF data; null if there is none. */
  byte[] exif() {
    return exif;
  }

  /** The XMP packet; null if there is none. */
  byte[] xmp() {
    return xmp;
  }
}
