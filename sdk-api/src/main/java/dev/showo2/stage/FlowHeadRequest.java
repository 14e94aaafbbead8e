package dev.showo2.stage;

import dev.showo2.tensor.Tensor;
import java.util.Objects;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * One segment for the flow head.
 *
 * @param cache what came before; positions count on from its length
 * @param hidden hidden states [B, S, D] that the backbone gave for this segment
 * @param attention what the positions of the segment see of each other
 * @param time time vector [B, H] that modulates every position of the segment, or none
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record FlowHeadRequest(
    KvCache cache, Tensor hidden, Attention attention, Optional<Tensor> time) {

  /**
   * Validates the components.
   *
   * @param cache what came before; positions count on from its length
   * @param hidden hidden states [B, S, D] that the backbone gave for this segment
   * @param attention what the positions of the segment see of each other
   * @param time time vector [B, H] that modulates every position of the segment, or none
   */
  public FlowHeadRequest {
    Objects.requireNonNull(cache, "cache");
    Objects.requireNonNull(hidden, "hidden");
    Objects.requireNonNull(attention, "attention");
    Objects.requireNonNull(time, "time");
  }

  /**
   * {@return a request for text before the image: causal, not modulated}
   *
   * @param cache keys and values of the prefix
   * @param hidden hidden states [B, S, D]; stay open
   */
  public static FlowHeadRequest text(KvCache cache, Tensor hidden) {
    return new FlowHeadRequest(cache, hidden, Attention.CAUSAL, Optional.empty());
  }

  /**
   * {@return a request for the span of an image or video: full, modulated by its time vector}
   *
   * @param cache keys and values of the prefix
   * @param hidden hidden states [B, S, D]; stay open
   * @param time time vectors [B, H]; stay open
   */
  public static FlowHeadRequest span(KvCache cache, Tensor hidden, Tensor time) {
    return new FlowHeadRequest(cache, hidden, Attention.FULL, Optional.of(time));
  }
}
