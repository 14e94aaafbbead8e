package dev.showo2.train.spi;

import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import java.util.List;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * Rows of tokens of one length, and the latents of their images on the way from noise to data (SPEC
 * 10). Immutable as long as nobody writes to the arrays.
 *
 * @param rows not empty, all of the same length and number of spans
 * @param latents x_t of every span of every row, in their order: [spans, C, h, w], or [spans, C, T,
 *     h, w] for videos
 * @param times t of every span, in [0, 1]; 1 where the latents are data
 * @param targets data − noise, of the shape of the latents
 * @param dropoutSeed of an adapter's dropout; without effect if there is none
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@SuppressWarnings("ArrayRecordComponent") // numeric data, copied knowingly or not at all
public record TrainingBatch(
    List<Row> rows, HostTensor latents, float[] times, HostTensor targets, long dropoutSeed)
    implements MicroBatch {

  /** The label of a position that counts for no loss. */
  public static final int NO_LABEL = -100;

  /**
   * A row of tokens, padded to the length of its batch.
   *
   * @param tokens ids
   * @param labels for each position its own token, or {@link #NO_LABEL}; position i predicts the
   *     label of i + 1
   * @param flowMask true at positions whose velocity counts, and at the time tokens before them,
   *     which never count
   * @param spans of the row's images; a row with fewer than others has spans {@link Span#NONE} or
   *     {@link Span#UNUSED}
   */
  public record Row(int[] tokens, int[] labels, boolean[] flowMask, List<Span> spans) {

    /**
     * Checks the lengths.
     *
     * @param tokens ids
     * @param labels of the same length
     * @param flowMask of the same length
     * @param spans within the row
     * @throws IllegalArgumentException if lengths differ or a span is not within the row
     */
    public Row {
      spans = List.copyOf(spans);
      if (labels.length != tokens.length || flowMask.length != tokens.length) {
        throw new IllegalArgumentException(
            "a row needs as many labels and mask positions as tokens, found "
                + tokens.length
                + " tokens, "
                + labels.length
                + " labels and "
                + flowMask.length
                + " mask positions");
      }
      for (Span span : spans) {
        if ((long) span.offset() + span.length() > tokens.length) {
          throw new IllegalArgumentException(
              span + " is not within a row of " + tokens.length + " tokens");
        }
      }
    }
  }

  /** The ways in which latents stand in a row. */
  public enum SpanKind {
    /** An image or video: a token for each patch of each frame; all positions see each other. */
    VISUAL,

    /**
     * Frames of a video that is asked about, as at inference (SPEC 2, 8): latents are of frames
     * that were encoded one by one, the tokens of each are resized to the model's grid for video
     * understanding, and of the positions behind the time token the first L + 1 see each other, L
     * of one image, or all if there are fewer; the time token and the other positions see what
     * precedes them. Velocities do not count.
     */
    FRAMES,

    /** A slot that is not used: its latents and time are without effect. */
    UNUSED
  }

  /**
   * The positions of an image in a row.
   *
   * @param offset of the time token; 0 if unused
   * @param length with the time token; the image tokens follow it. 0 if unused
   * @param kind says how the latents stand there; the same of all used spans of a batch
   */
  public record Span(int offset, int length, SpanKind kind) {

    /**
     * No image. It is not without effect: the embedding of position 0 becomes the time token of
     * this span's time, and the flow mask does not count there; the official code trains so.
     */
    public static final Span NONE = new Span(0, 0);

    /** No image, without effect: for rows that are to be as at inference. */
    public static final Span UNUSED = new Span(0, 0, SpanKind.UNUSED);

    /**
     * The span of an image or video.
     *
     * @param offset 0 or more
     * @param length 0 or more
     * @throws IllegalArgumentException if one is negative
     */
    public Span(int offset, int length) {
      this(offset, length, SpanKind.VISUAL);
    }

    /**
     * Checks the numbers.
     *
     * @param offset 0 or more
     * @param length 0 or more
     * @param kind of the span
     * @throws IllegalArgumentException if one is negative, or a span that is unused has a place
     */
    public Span {
      Objects.requireNonNull(kind, "kind");
      if (kind == SpanKind.UNUSED && (offset != 0 || length != 0)) {
        throw new IllegalArgumentException(
            "an unused span is at 0 with length 0, found " + offset + " and " + length);
      }
      if (offset < 0 || length < 0) {
        throw new IllegalArgumentException(
            "offset and length must not be negative, found " + offset + " and " + length);
      }
    }
  }

  /**
   * Checks that everything fits together.
   *
   * @param rows not empty
   * @param latents of every span
   * @param times of every span
   * @param targets of every span
   * @param dropoutSeed of an adapter's dropout
   * @throws IllegalArgumentException if lengths or shapes differ, or a time is not in [0, 1]
   */
  public TrainingBatch {
    rows = List.copyOf(rows);
    Objects.requireNonNull(latents, "latents");
    Objects.requireNonNull(targets, "targets");
    if (rows.isEmpty()) {
      throw new IllegalArgumentException("a batch needs at least one row");
    }
    int length = rows.get(0).tokens().length;
    int spans = rows.get(0).spans().size();
    for (Row row : rows) {
      if (row.tokens().length != length || row.spans().size() != spans) {
        throw new IllegalArgumentException(
            "all rows of a batch must have one length and number of spans; found "
                + length
                + " tokens and "
                + spans
                + " spans, and "
                + row.tokens().length
                + " tokens and "
                + row.spans().size()
                + " spans");
      }
    }
    Shape shape = latents.shape();
    if (shape.rank() != 4 && shape.rank() != 5 || !shape.equals(targets.shape())) {
      throw new IllegalArgumentException(
          "expected latents [spans, C, h, w] or [spans, C, T, h, w] and targets alike, found "
              + shape
              + " and "
              + targets.shape());
    }
    if (shape.dimension(0) != (long) rows.size() * spans || times.length != shape.dimension(0)) {
      throw new IllegalArgumentException(
          rows.size()
              + " rows of "
              + spans
              + " spans need as many latents and times, found "
              + shape.dimension(0)
              + " and "
              + times.length);
    }
    for (float time : times) {
      if (!(time >= 0 && time <= 1)) {
        throw new IllegalArgumentException("times must be in [0, 1], found " + time);
      }
    }
  }

  /**
   * Returns the length of the rows.
   *
   * @return in tokens
   */
  public int length() {
    return rows.get(0).tokens().length;
  }
}
