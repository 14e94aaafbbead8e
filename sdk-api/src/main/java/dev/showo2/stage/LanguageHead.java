package dev.showo2.stage;

import dev.showo2.tensor.Tensor;
import org.apiguardian.api.API;

/** Hidden states to vocabulary logits (SPEC 5). Thread-safe. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface LanguageHead {

  /**
   * Computes logits.
   *
   * @param request hidden states [B, S, D]; stay open
   * @return logits [B, S, V], or [B, 1, V] when only the last position is asked for
   */
  Tensor logits(LanguageHeadRequest request);
}
