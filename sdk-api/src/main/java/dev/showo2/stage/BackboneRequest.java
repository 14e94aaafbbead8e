package dev.showo2.stage;

import dev.showo2.tensor.Tensor;
import java.util.List;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * A segment for the backbone. Immutable; further fields can be added without breaking those who
 * make or read it.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class BackboneRequest {

  private final KvCache cache;
  private final List<Tensor> embeddings;
  private final Attention attention;

  private BackboneRequest(KvCache cache, List<Tensor> embeddings, Attention attention) {
    this.cache = cache;
    this.embeddings = embeddings;
    this.attention = attention;
  }

  /**
   * Makes a request.
   *
   * @param cache the keys and values of the prefix; positions count on from its length
   * @param embeddings the segment in one or more parts [B, Sᵢ, D], joined in this order along the
   *     sequence, so that callers need not copy a time token and its image tokens into one tensor;
   *     stay open
   * @param attention the positions of the segment that each of them sees
   * @return the request
   * @throws IllegalArgumentException if there is no part
   */
  public static BackboneRequest of(KvCache cache, List<Tensor> embeddings, Attention attention) {
    Objects.requireNonNull(cache, "cache");
    Objects.requireNonNull(attention, "attention");
    List<Tensor> parts = List.copyOf(embeddings);
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("a segment needs at least one part");
    }
    return new BackboneRequest(cache, parts, attention);
  }

  /** {@return the keys and values of the prefix} */
  public KvCache cache() {
    return cache;
  }

  /**
   * {@return the segment in one or more parts [B, Sᵢ, D], joined in this order along the sequence,
   * so that callers need not copy a time token and its image tokens into one tensor}
   */
  public List<Tensor> embeddings() {
    return embeddings;
  }

  /** {@return the positions of the segment that each of them sees} */
  public Attention attention() {
    return attention;
  }
}
