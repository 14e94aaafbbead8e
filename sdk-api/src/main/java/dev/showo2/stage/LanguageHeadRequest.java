package dev.showo2.stage;

import dev.showo2.tensor.Tensor;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * Positions whose next token is asked for.
 *
 * @param hidden hidden states [B, S, D] of the backbone
 * @param lastOnly whether only the last position is computed; generation needs no other, and the
 *     vocabulary is large
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record LanguageHeadRequest(Tensor hidden, boolean lastOnly) {

  /**
   * Validates the components.
   *
   * @param hidden hidden states [B, S, D] of the backbone
   * @param lastOnly whether only the last position is computed; generation needs no other, and the
   *     vocabulary is large
   */
  public LanguageHeadRequest {
    Objects.requireNonNull(hidden, "hidden");
  }

  /**
   * {@return a request for the logits of the last position only}
   *
   * @param hidden hidden states [B, S, D]; stay open
   */
  public static LanguageHeadRequest last(Tensor hidden) {
    return new LanguageHeadRequest(hidden, true);
  }
}
