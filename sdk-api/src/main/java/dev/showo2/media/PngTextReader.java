package dev.showo2.media;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.InflaterInputStream;

/**
 * Reads the text chunks of a PNG: tEXt, zTXt and iTXt, before and behind the pixels.
 *
 * <p>Not done with javax.imageio, whose reader inflates compressed text without limit: a file of
 * one megabyte can take a gigabyte.
 */
final class PngTextReader {

  private static final int MAX_TEXT_BYTES = 16 << 20;

  private final DataInputStream input;
  private final Map<String, String> entries = new LinkedHashMap<>();
  private int budget = MAX_TEXT_BYTES;

  private PngTextReader(InputStream input) {
    this.input = new DataInputStream(input);
  }

  /**
   * @param input stands behind the signature
   */
  static Map<String, String> read(InputStream input) throws IOException {
    PngTextReader reader = new PngTextReader(input);
    while (reader.readChunk()) {
      // Every text goes into the entries.
    }
    return reader.entries;
  }

  private boolean readChunk() throws IOException {
    int length = input.readInt();
    if (length < 0) {
      throw new IOException(
          "a chunk claims to have " + Integer.toUnsignedString(length) + " bytes");
    }
    String type = latin1(input.readNBytes(4));
    switch (type) {
      case "tEXt", "zTXt", "iTXt" -> {
        spend(length);
        addText(type, new ByteArrayInputStream(input.readNBytes(length)));
      }
      case "IEND" -> {
        return false;
      }
      default -> input.skipNBytes(length);
    }
    input.skipNBytes(Integer.BYTES); // the checksum
    return true;
  }

  private void addText(String type, ByteArrayInputStream chunk) throws IOException {
    String keyword = latin1(untilNul(chunk));
    boolean compressed = type.equals("zTXt");
    Charset charset = StandardCharsets.ISO_8859_1;
    if (type.equals("iTXt")) {
      compressed = chunk.read() == 1;
      charset = StandardCharsets.UTF_8;
    }
    if (!type.equals("tEXt")) {
      chunk.read(); // the compression method, of which there is one
    }
    if (type.equals("iTXt")) {
      untilNul(chunk); // the language
      untilNul(chunk); // the keyword in that language
    }
    byte[] text = compressed ? inflate(chunk) : chunk.readAllBytes();
    entries.put(keyword, new String(text, charset));
  }

  private byte[] inflate(InputStream compressed) throws IOException {
    byte[] text = new InflaterInputStream(compressed).readNBytes(budget + 1);
    spend(text.length);
    return text;
  }

  private void spend(int bytes) throws IOException {
    if (bytes > budget) {
      throw new IOException("its texts have more than " + MAX_TEXT_BYTES + " bytes");
    }
    budget -= bytes;
  }

  private static byte[] untilNul(ByteArrayInputStream chunk) throws IOException {
    chunk.mark(0);
    int length = 0;
    for (int next = chunk.read(); next != 0; next = chunk.read(), length++) {
      if (next < 0) {
        throw new IOException("a text chunk ends too early");
      }
    }
    chunk.reset();
    byte[] bytes = chunk.readNBytes(length);
    chunk.read();
    return bytes;
  }

  private static String latin1(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
