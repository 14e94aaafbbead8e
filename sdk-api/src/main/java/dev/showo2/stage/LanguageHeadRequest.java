package dev.showo2.stage;

import dev.showo2.tensor.Tensor;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * Positions whose next token is asked for. Immutable; further fields can be added without breaking
 * those who make or read it.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class LanguageHeadRequest {

  private final Tensor hidden;
  private final boolean lastOnly;

  private LanguageHeadRequest(Tensor hidden, boolean lastOnly) {
    this.hidden = hidden;
    this.lastOnly = lastOnly;
  }

  /**
   * Makes a request.
   *
   * @param hidden hidden states [B, S, D] of the backbone; stay open
   * @param lastOnly whether only the last position is computed; generation needs no other, and the
   *     vocabulary is large
   * @return the request
   */
  public static LanguageHeadRequest of(Tensor hidden, boolean lastOnly) {
    Objects.requireNonNull(hidden, "hidden");
    return new LanguageHeadRequest(hidden, lastOnly);
  }

  /**
   * {@return a request for the logits of the last position only}
   *
   * @param hidden hidden states [B, S, D]; stay open
   */
  public static LanguageHeadRequest last(Tensor hidden) {
    return of(hidden, true);
  }

  /** {@return hidden states [B, S, D] of the backbone} */
  public Tensor hidden() {
    return hidden;
  }

  /** {@return whether only the last position is computed} */
  public boolean lastOnly() {
    return lastOnly;
  }
}
