package dev.showo2.sequence.internal;

import java.util.Arrays;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * A whole sequence as one row of token ids, as the reference code lays it out for generation and
 * training: the image's place is filled with its pad token, the end with pads.
 *
 * @param ids token ids; copied
 * @param spanOffset where full attention starts: at the time token
 * @param spanLength time token and image tokens
 */
@API(status = API.Status.INTERNAL, since = "0.1")
@SuppressWarnings("ArrayRecordComponent") // copied, and compared by content
public record TokenRow(int[] ids, int spanOffset, int spanLength) {

  /**
   * @throws IndexOutOfBoundsException if the span does not lie within the row
   */
  public TokenRow {
    ids = ids.clone();
    Objects.checkFromIndexSize(spanOffset, spanLength, ids.length);
  }

  @Override
  public int[] ids() {
    return ids.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TokenRow row
        && spanOffset == row.spanOffset
        && spanLength == row.spanLength
        && Arrays.equals(ids, row.ids);
  }

  @Override
  public int hashCode() {
    return Objects.hash(Arrays.hashCode(ids), spanOffset, spanLength);
  }

  @Override
  public String toString() {
    return "TokenRow" + Arrays.toString(ids) + ", span " + spanOffset + " + " + spanLength;
  }
}
