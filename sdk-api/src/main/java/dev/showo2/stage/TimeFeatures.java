package dev.showo2.stage;

import dev.showo2.tensor.Tensor;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * The embeddings of a flow time.
 *
 * @param vector [B, H], modulates the flow head
 * @param token [B, 1, D], directly precedes the image tokens
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record TimeFeatures(Tensor vector, Tensor token) implements AutoCloseable {

  /**
   * Refuses null.
   *
   * @param vector [B, H], modulates the flow head
   * @param token [B, 1, D], directly precedes the image tokens
   */
  public TimeFeatures {
    Objects.requireNonNull(vector, "vector");
    Objects.requireNonNull(token, "token");
  }

  /** Frees both tensors. */
  @Override
  public void close() {
    try (vector) {
      token.close();
    }
  }
}
