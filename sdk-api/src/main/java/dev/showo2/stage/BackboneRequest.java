package dev.showo2.stage;

import dev.showo2.tensor.Tensor;
import java.util.List;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * One segment for the backbone.
 *
 * @param cache what came before; positions count on from its length
 * @param embeddings the segment in one or more parts [B, Sᵢ, D], joined in this order along the
 *     sequence, so that callers need not copy a time token and its image tokens into one tensor
 * @param attention what the positions of the segment see of each other
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record BackboneRequest(KvCache cache, List<Tensor> embeddings, Attention attention) {

  /**
   * Makes a backbone request and validates its components.
   *
   * @param cache keys and values of the prefix
   * @param embeddings the segment in one or more parts [B, Sᵢ, D], joined in this order along the
   *     sequence, so that callers need not copy a time token and its image tokens into one tensor
   * @param attention what the positions of the segment see of each other
   * @throws IllegalArgumentException if there is no part
   */
  public BackboneRequest {
    Objects.requireNonNull(cache, "cache");
    Objects.requireNonNull(attention, "attention");
    embeddings = List.copyOf(embeddings);
    if (embeddings.isEmpty()) {
      throw new IllegalArgumentException("a segment needs at least one part");
    }
  }
}
