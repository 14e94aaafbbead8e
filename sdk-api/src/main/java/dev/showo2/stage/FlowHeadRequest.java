package dev.showo2.stage;

import dev.showo2.tensor.Tensor;
import java.util.Objects;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * A segment for the flow head. Immutable; further fields can be added without breaking those who
 * make or read it.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class FlowHeadRequest {

  private final KvCache cache;
  private final Tensor hidden;
  private final Attention attention;
  private final Optional<Tensor> time;

  private FlowHeadRequest(
      KvCache cache, Tensor hidden, Attention attention, Optional<Tensor> time) {
    this.cache = cache;
    this.hidden = hidden;
    this.attention = attention;
    this.time = time;
  }

  /**
   * Makes a request.
   *
   * @param cache the keys and values of the prefix; positions count on from its length
   * @param hidden hidden states [B, S, D] that the backbone gave for this segment; stay open
   * @param attention the positions of the segment that each of them sees
   * @param time the time vector [B, H] that modulates every position of the segment, or none; stays
   *     open
   * @return the request
   */
  public static FlowHeadRequest of(
      KvCache cache, Tensor hidden, Attention attention, Optional<Tensor> time) {
    Objects.requireNonNull(cache, "cache");
    Objects.requireNonNull(hidden, "hidden");
    Objects.requireNonNull(attention, "attention");
    Objects.requireNonNull(time, "time");
    return new FlowHeadRequest(cache, hidden, attention, time);
  }

  /**
   * {@return a request for text before the image: causal, not modulated}
   *
   * @param cache keys and values of the prefix
   * @param hidden hidden states [B, S, D]; stay open
   */
  public static FlowHeadRequest text(KvCache cache, Tensor hidden) {
    return of(cache, hidden, Attention.CAUSAL, Optional.empty());
  }

  /**
   * {@return a request for the span of an image or video: full, modulated by its time vector}
   *
   * @param cache keys and values of the prefix
   * @param hidden hidden states [B, S, D]; stay open
   * @param time time vectors [B, H]; stay open
   */
  public static FlowHeadRequest span(KvCache cache, Tensor hidden, Tensor time) {
    return of(cache, hidden, Attention.FULL, Optional.of(time));
  }

  /** {@return the keys and values of the prefix} */
  public KvCache cache() {
    return cache;
  }

  /** {@return hidden states [B, S, D] that the backbone gave for this segment} */
  public Tensor hidden() {
    return hidden;
  }

  /** {@return the positions of the segment that each of them sees} */
  public Attention attention() {
    return attention;
  }

  /** {@return the time vector [B, H] that modulates every position of the segment, or none} */
  public Optional<Tensor> time() {
    return time;
  }
}
