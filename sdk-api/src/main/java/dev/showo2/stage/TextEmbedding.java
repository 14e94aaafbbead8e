package dev.showo2.stage;

import dev.showo2.tensor.Tensor;
import org.apiguardian.api.API;

/** Token ids to embeddings. Thread-safe. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface TextEmbedding {

  /**
   * Embeds token ids.
   *
   * @param request token ids [B, S]
   * @return embeddings [B, S, D]
   */
  Tensor embed(TextEmbeddingRequest request);
}
