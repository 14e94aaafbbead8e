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
import javax.imageio.metadata.IIOMetadataNode;

/**
 * The text chunks of a PNG.
 *
 * <p>They are not read with javax.imageio, whose reader inflates compressed text without limit: a
 * file of one megabyte can take a gigabyte.
 */
final class PngTextChunks {

  /** The name of javax.imageio's metadata format for PNG. */
  static final String FORMAT = "javax_imageio_png_1.0";

  private static final int MAX_TEXT_BYTES = 16 << 20;

  private final DataInputStream input;
  private final Map<String, String> entries = new LinkedHashMap<>();
  private int budget = MAX_TEXT_BYTES;

  private PngTextChunks(InputStream input) {
    this.input = new DataInputStream(input);
  }

  /**
   * Reads tEXt, zTXt and iTXt, before and after the pixels.
   *
   * @param input positioned behind the signature
   * @return the texts by keyword; of texts with the same keyword the last one
   * @throws IOException if a chunk is corrupt or the texts have more than 16 MiB
   */
  static Map<String, String> read(InputStream input) throws IOException {
    PngTextChunks reader = new PngTextChunks(input);
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

  /**
   * The metadata tree, in {@link #FORMAT}, from which javax.imageio writes the chunks. Latin-1 goes
   * into tEXt, which every program reads; all else into iTXt, which holds UTF-8.
   */
  static IIOMetadataNode tree(PngText text) {
    IIOMetadataNode latin = new IIOMetadataNode("tEXt");
    IIOMetadataNode international = new IIOMetadataNode("iTXt");
    text.entries()
        .forEach(
            (keyword, value) -> {
              if (isLatin1(value)) {
                IIOMetadataNode entry = entry("tEXtEntry", keyword);
                entry.setAttribute("value", value);
                latin.appendChild(entry);
              } else {
                IIOMetadataNode entry = entry("iTXtEntry", keyword);
                entry.setAttribute("compressionFlag", "FALSE");
                entry.setAttribute("compressionMethod", "0");
                entry.setAttribute("languageTag", "");
                entry.setAttribute("translatedKeyword", "");
                entry.setAttribute("text", value);
                international.appendChild(entry);
              }
            });
    IIOMetadataNode root = new IIOMetadataNode(FORMAT);
    appendUnlessEmpty(root, latin);
    appendUnlessEmpty(root, international);
    return root;
  }

  private static IIOMetadataNode entry(String name, String keyword) {
    IIOMetadataNode entry = new IIOMetadataNode(name);
    entry.setAttribute("keyword", keyword);
    return entry;
  }

  private static void appendUnlessEmpty(IIOMetadataNode root, IIOMetadataNode child) {
    if (child.hasChildNodes()) {
      root.appendChild(child);
    }
  }

  private static boolean isLatin1(String value) {
    return value
        .chars()
        .allMatch(c -> c == '\n' || c >= 0x20 && c <= 0x7e || c >= 0xa0 && c <= 0xff);
  }
}
