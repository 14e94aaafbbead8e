package dev.showo2.media.png.internal;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.InflaterInputStream;

/**
 * A text chunk, read when it is asked for.
 *
 * @param type tEXt, zTXt or iTXt
 * @param chunk its content
 */
record TextChunk(String type, ByteBuffer chunk) {

  private static final int MAX_BYTES = 1 << 20;

  boolean hasKeyword(String keyword) {
    byte[] expected = (keyword + "\0").getBytes(StandardCharsets.US_ASCII);
    return chunk.remaining() >= expected.length
        && chunk.slice(chunk.position(), expected.length).equals(ByteBuffer.wrap(expected));
  }

  /** The text; null if it is corrupt or has more than a mebibyte. */
  byte[] value() {
    byte[] all = new byte[chunk.remaining()];
    chunk.duplicate().get(all);
    int at = end(all, 0);
    boolean compressed = type.equals("zTXt");
    if (type.equals("iTXt") && at + 2 <= all.length) {
      compressed = all[at] != 0;
      at = end(all, end(all, at + 2)); // behind the language and the keyword in it
    } else if (compressed) {
      at++;
    }
    if (at > all.length) {
      return null;
    }
    return compressed ? inflate(all, at) : Arrays.copyOfRange(all, at, all.length);
  }

  private static int end(byte[] text, int from) {
    int at = from;
    while (at < text.length && text[at] != 0) {
      at++;
    }
    return at + 1;
  }

  private static byte[] inflate(byte[] text, int from) {
    try (InflaterInputStream input =
        new InflaterInputStream(new ByteArrayInputStream(text, from, text.length - from))) {
      byte[] inflated = input.readNBytes(MAX_BYTES + 1);
      return inflated.length > MAX_BYTES ? null : inflated;
    } catch (IOException e) {
      return null;
    }
  }

  /** Hexadecimal digits behind three lines, as ImageMagick stores binary data; null if corrupt. */
  byte[] profile() {
    byte[] text = value();
    if (text == null) {
      return null;
    }
    String[] lines = new String(text, StandardCharsets.ISO_8859_1).split("\n", 4);
    if (lines.length < 4) {
      return null;
    }
    try {
      return HexFormat.of().parseHex(lines[3].replaceAll("\\s", ""));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
