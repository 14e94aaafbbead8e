package dev.showo2.sequence.internal;

import java.util.Arrays;
import org.apiguardian.api.API;

/** A stretch of a sequence that comes from one source. */
@API(status = API.Status.INTERNAL, since = "0.1")
public sealed interface Part {

  /** Positions that the part takes. */
  int length();

  /**
   * Text.
   *
   * @param ids token ids; copied
   */
  @API(status = API.Status.INTERNAL, since = "0.1")
  @SuppressWarnings("ArrayRecordComponent") // copied, and compared by content
  record Text(int... ids) implements Part {

    public Text {
      ids = ids.clone();
    }

    @Override
    public int[] ids() {
      return ids.clone();
    }

    @Override
    public int length() {
      return ids.length;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Text text && Arrays.equals(ids, text.ids);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(ids);
    }

    @Override
    public String toString() {
      return "Text" + Arrays.toString(ids);
    }
  }

  /**
   * The time token of an image or video.
   *
   * @param time flow time; 1 for what is only looked at
   */
  @API(status = API.Status.INTERNAL, since = "0.1")
  record Time(float time) implements Part {

    /**
     * @throws IllegalArgumentException if the time is not finite
     */
    public Time {
      if (!Float.isFinite(time)) {
        throw new IllegalArgumentException("a time is a finite number, got " + time);
      }
    }

    @Override
    public int length() {
      return 1;
    }
  }

  /**
   * Tokens of an image or video.
   *
   * @param index which of the visuals that go with the sequence, from 0
   * @param offset the first of its tokens that is meant, from 0
   * @param length number of tokens, at least 1
   */
  @API(status = API.Status.INTERNAL, since = "0.1")
  record Visual(int index, int offset, int length) implements Part {

    /**
     * @throws IllegalArgumentException if index or offset is negative or there are no tokens
     */
    public Visual {
      if (index < 0 || offset < 0 || length < 1) {
        throw new IllegalArgumentException(
            "a visual has an index and an offset from 0 and at least one token, got "
                + index
                + ", "
                + offset
                + ", "
                + length);
      }
    }

    /** The tokens of a visual from the first one on. */
    public Visual(int index, int length) {
      this(index, 0, length);
    }
  }
}
