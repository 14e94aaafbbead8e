package dev.showo2.export.synthetic;

import dev.showo2.model.Architecture;
import java.nio.file.Path;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * What checkpoint is to be made up.
 *
 * @param architecture all sizes, among them whether embeddings are tied and how many rows they have
 * @param seed of the weights; every seed gives another model
 * @param tokenizer a {@code tokenizer.json}, which is copied; with the tokens that Show-o2 adds it
 *     must have as many as the embedding matrix has rows
 * @param shardBytes where a weight file ends and the next begins, at least 1; only a single tensor
 *     may take more
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SyntheticRequest(
    Architecture architecture, long seed, Path tokenizer, long shardBytes) {

  /** The size at which Hugging Face's libraries split checkpoints. */
  public static final long DEFAULT_SHARD_BYTES = 5_000_000_000L;

  /**
   * @throws IllegalArgumentException if {@code shardBytes} is below 1
   */
  public SyntheticRequest {
    Objects.requireNonNull(architecture, "architecture");
    Objects.requireNonNull(tokenizer, "tokenizer");
    if (shardBytes < 1) {
      throw new IllegalArgumentException("shardBytes: at least 1 is needed, got " + shardBytes);
    }
  }

  /** Split as Hugging Face's libraries do it. */
  public static SyntheticRequest of(Architecture architecture, long seed, Path tokenizer) {
    return new SyntheticRequest(architecture, seed, tokenizer, DEFAULT_SHARD_BYTES);
  }
}
