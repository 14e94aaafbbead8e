package dev.showo2.media.png.internal;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * The chunks of a file that matter for its pixels and their orientation. Checksums are compared
 * where nothing else would show that header or palette are damaged.
 */
final class PngChunks {

  private static final int SIGNATURE_BYTES = 8;
  private static final Set<String> NEEDED_FOR_PIXELS =
      Set.of("IHDR", "PLTE", "tRNS", "IDAT", "IEND");

  private final ByteBuffer file;

  PngHeader header;

  /** Red, green and blue of the colors; null if there is no palette. */
  byte[] palette;

  /** The compressed pixels. */
  final List<ByteBuffer> data = new ArrayList<>();

  /** What is wrong with a checksum; null if nothing is. */
  String damage;

  byte[] exif;
  TextChunk exifText;
  TextChunk xmpText;

  private PngChunks(byte[] file) {
    this.file = ByteBuffer.wrap(file).position(Math.min(SIGNATURE_BYTES, file.length));
  }

  static PngChunks read(byte[] file) throws IOException {
    PngChunks chunks = new PngChunks(file);
    while (chunks.next()) {
      // Every chunk goes to its field.
    }
    if (chunks.header == null || chunks.data.isEmpty()) {
      throw new EOFException("the file ends before its pixels");
    }
    return chunks;
  }

  /** The file with what its pixels and their alpha need and nothing else. */
  static byte[] withoutMetadata(byte[] file) {
    ByteArrayOutputStream kept = new ByteArrayOutputStream(file.length);
    ByteBuffer rest = ByteBuffer.wrap(file);
    kept.write(file, 0, SIGNATURE_BYTES);
    rest.position(SIGNATURE_BYTES);
    while (rest.remaining() >= 3 * Integer.BYTES) {
      int begin = rest.position();
      int length = rest.getInt();
      String type = new String(file, rest.position(), Integer.BYTES, StandardCharsets.US_ASCII);
      if (length < 0 || length > rest.remaining() - 2 * Integer.BYTES) {
        break;
      }
      int end = rest.position() + length + 2 * Integer.BYTES;
      if (NEEDED_FOR_PIXELS.contains(type)) {
        kept.write(file, begin, end - begin);
      }
      rest.position(end);
    }
    return kept.toByteArray();
  }

  private boolean next() throws IOException {
    boolean pixelsBegan = !data.isEmpty();
    if (file.remaining() < 2 * Integer.BYTES) {
      return false;
    }
    int length = file.getInt();
    byte[] letters = new byte[Integer.BYTES];
    file.get(letters);
    String type = new String(letters, StandardCharsets.ISO_8859_1);
    if (length < 0 || !type.chars().allMatch(c -> c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z')) {
      if (pixelsBegan) {
        return false; // what follows the pixels does not matter
      }
      throw new IOException("a chunk of it is corrupt");
    }
    boolean whole = length <= file.remaining() - Integer.BYTES;
    int available = Math.min(length, file.remaining());
    ByteBuffer chunk = file.slice(file.position(), available);
    int end = file.position() + available;
    switch (type) {
      case "IHDR" -> {
        check(chunk, type, whole, end);
        if (header == null) {
          header = PngHeader.read(chunk);
        }
      }
      case "PLTE" -> {
        if (!pixelsBegan) {
          check(chunk, type, whole, end);
          palette = bytes(chunk);
        }
      }
      case "IDAT" -> {
        if (header == null) {
          throw new IOException("its pixels come before its header");
        }
        if (!dataEnded) {
          data.add(chunk);
        }
      }
      case "IEND" -> {
        return false;
      }
      default -> {
        dataEnded = pixelsBegan;
        if (whole) {
          metadata(type, chunk);
        }
      }
    }
    if (!whole) {
      return false;
    }
    file.position(end + Integer.BYTES);
    return true;
  }

  /** Pixels behind another chunk are not theirs any more. */
  private boolean dataEnded;

  private void metadata(String type, ByteBuffer chunk) {
    switch (type) {
      case "eXIf" -> exif = bytes(chunk);
      case "tEXt", "zTXt", "iTXt" -> {
        TextChunk text = new TextChunk(type, chunk);
        if (text.hasKeyword("Raw profile type exif")) {
          exifText = text;
        } else if (text.hasKeyword("XML:com.adobe.xmp")) {
          xmpText = text;
        }
      }
      default -> {
        // Says nothing about pixels.
      }
    }
  }

  private void check(ByteBuffer chunk, String type, boolean whole, int end) throws EOFException {
    if (!whole) {
      throw new EOFException("the file ends within its chunk " + type);
    }
    CRC32 sum = new CRC32();
    sum.update(type.getBytes(StandardCharsets.US_ASCII));
    sum.update(chunk.duplicate());
    if ((int) sum.getValue() != file.getInt(end)) {
      damage = "the checksum of its chunk " + type + " is wrong";
    }
  }

  private static byte[] bytes(ByteBuffer chunk) {
    byte[] bytes = new byte[chunk.remaining()];
    chunk.duplicate().get(bytes);
    return bytes;
  }
}
