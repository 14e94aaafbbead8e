package dev.showo2.sequence;

import org.apiguardian.api.API;

/** A stretch of a sequence that comes from one source. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface Part {

  /** Positions that the part takes. */
  int length();

  /**
   * Text.
   *
   * @param ids token ids
   */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  @SuppressWarnings("ArrayRecordComponent")
  record Text(int... ids) implements Part {
    @Override
    public int length() {
      return ids.length;
    }
  }

  /**
   * The time token of an image or video.
   *
   * @param time flow time; 1 for what is only looked at
   */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  record Time(float time) implements Part {
    @Override
    public int length() {
      return 1;
    }
  }

  /**
   * Tokens of an image or video.
   *
   * @param index which of the visuals that go with the sequence
   * @param length number of tokens
   */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  record Visual(int index, int length) implements Part {}
}
