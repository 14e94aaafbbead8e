package dev.showo2.conformance.wrapper;

import java.nio.FloatBuffer;
import java.util.zip.CRC32C;

/** A buffer that a tensor is read into: what the backend may touch of it, and what not. */
final class Destination {

  private final FloatBuffer buffer;
  private final int start;
  private final int limit;
  private final int count;
  private final long before;
  private final long after;

  /**
   * @param count of the elements that are to be written from the buffer's position on
   */
  Destination(FloatBuffer buffer, int count) {
    this.buffer = buffer;
    this.count = count;
    start = buffer.position();
    limit = buffer.limit();
    before = checksum(part(0, start));
    after = checksum(part(start + count, buffer.capacity()));
  }

  /**
   * @throws AssertionError if the backend did not leave position, limit and rest as it owes
   */
  void check(Call call) {
    call.backendOwes(
        buffer.position() == start + count && buffer.limit() == limit,
        "a destination at position " + (start + count) + " with limit " + limit,
        "position " + buffer.position() + " and limit " + buffer.limit());
    call.backendOwes(
        checksum(part(0, start)) == before
            && checksum(part(start + count, buffer.capacity())) == after,
        "a destination whose other elements are as before",
        "others written too");
  }

  /** Of the elements that were written. */
  long checksum() {
    return checksum(part(start, start + count));
  }

  private FloatBuffer part(int from, int to) {
    return buffer.duplicate().limit(to).position(from);
  }

  /** Of the elements remaining. */
  static long checksum(FloatBuffer values) {
    CRC32C sum = new CRC32C();
    while (values.hasRemaining()) {
      int bits = Float.floatToIntBits(values.get());
      for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
        sum.update(bits >> shift);
      }
    }
    return sum.getValue();
  }
}
