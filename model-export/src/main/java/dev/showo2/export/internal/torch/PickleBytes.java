package dev.showo2.export.internal.torch;

import dev.showo2.error.InvalidModelException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * The bytes of a pickle, read once from start to end, with every length checked before it is
 * believed.
 */
final class PickleBytes {

  /** Keys have less than 100 characters. */
  private static final int MAX_STRING_BYTES = 1 << 16;

  private static final int MAX_NAME_BYTES = 256;

  private final String origin;
  private final ByteBuffer bytes;

  /**
   * @param origin the file, for messages
   */
  PickleBytes(String origin, ByteBuffer bytes) {
    this.origin = origin;
    this.bytes = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  int position() {
    return bytes.position();
  }

  boolean atEnd() {
    return !bytes.hasRemaining();
  }

  int u8() {
    return Byte.toUnsignedInt(bytes.get(advance(1)));
  }

  int u16() {
    return Short.toUnsignedInt(bytes.getShort(advance(2)));
  }

  int i32() {
    return bytes.getInt(advance(4));
  }

  long i64() {
    return bytes.getLong(advance(8));
  }

  double bigEndianDouble() {
    return Double.longBitsToDouble(Long.reverseBytes(i64()));
  }

  /** A little-endian integer of up to 8 bytes, in two's complement; empty means 0. */
  long integer(int length) {
    if (length > Long.BYTES) {
      throw invalid("an integer of " + length + " bytes, at most 8 are read");
    }
    int start = advance(length);
    long value = 0;
    for (int i = length - 1; i >= 0; i--) {
      int part = i == length - 1 ? bytes.get(start + i) : Byte.toUnsignedInt(bytes.get(start + i));
      value = value << Byte.SIZE | part;
    }
    return value;
  }

  String utf8(long length) {
    if (length < 0 || length > MAX_STRING_BYTES) {
      throw invalid(
          "a string of "
              + Long.toUnsignedString(length)
              + " bytes, at most "
              + MAX_STRING_BYTES
              + " are read");
    }
    int start = advance((int) length);
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(bytes.slice(start, (int) length))
          .toString();
    } catch (CharacterCodingException e) {
      throw invalid("a string that is not UTF-8");
    }
  }

  /** Passes over bytes that are not needed. */
  void skip(long length) {
    if (length < 0 || length > bytes.remaining()) {
      throw invalid("an end too early");
    }
    advance((int) length);
  }

  /** Text up to a line feed, which ends it. */
  String line() {
    int length = 0;
    while (length < Math.min(MAX_NAME_BYTES, bytes.remaining())
        && bytes.get(bytes.position() + length) != '\n') {
      length++;
    }
    if (length == MAX_NAME_BYTES) {
      throw invalid("a name longer than " + MAX_NAME_BYTES + " bytes");
    }
    String line = utf8(length);
    advance(1);
    return line;
  }

  InvalidModelException invalid(String what) {
    return new InvalidModelException(
        origin
            + ": its pickle holds "
            + what
            + " before byte "
            + bytes.position()
            + "; the file is damaged or no state dict, save model.state_dict() with torch.save"
            + " or get the file again");
  }

  private int advance(int length) {
    if (length > bytes.remaining()) {
      throw new InvalidModelException(
          origin
              + ": its pickle is truncated: "
              + length
              + " more bytes are expected at byte "
              + bytes.position()
              + " of "
              + bytes.limit()
              + "; get the file again");
    }
    int start = bytes.position();
    bytes.position(start + length);
    return start;
  }
}
