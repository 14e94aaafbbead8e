package dev.showo2.sampler;

import dev.showo2.error.InvalidRequestException;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.apiguardian.api.API;

/**
 * How the next token is chosen (SPEC 7): logits are divided by the temperature, cut to the top k,
 * then to the top p, and drawn from. Immutable.
 *
 * @param temperature finite and above 0; below 1 sharpens, above 1 flattens
 * @param topK keep this many of the likeliest tokens, at least 1, which is greedy; ties with the
 *     last one stay
 * @param topP keep the likeliest tokens until their probability exceeds this, above 0 and at most
 *     1; the token that crosses it stays, and 1 keeps all
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record TokenSampling(float temperature, OptionalInt topK, OptionalDouble topP) {

  /**
   * @throws InvalidRequestException if a value is out of its range
   */
  public TokenSampling {
    Objects.requireNonNull(topK, "topK");
    Objects.requireNonNull(topP, "topP");
    if (!(temperature > 0) || Float.isInfinite(temperature)) {
      throw new InvalidRequestException(
          "temperature: expected a finite number above 0; found "
              + temperature
              + "; use 1 for the model's own distribution or greedy() for no chance at all");
    }
    if (topK.isPresent() && topK.getAsInt() < 1) {
      throw new InvalidRequestException(
          "topK: expected at least 1; found "
              + topK.getAsInt()
              + "; leave it out to keep all tokens");
    }
    if (topP.isPresent() && !(topP.getAsDouble() > 0 && topP.getAsDouble() <= 1)) {
      throw new InvalidRequestException(
          "topP: expected above 0 and at most 1; found "
              + topP.getAsDouble()
              + "; leave it out to keep all tokens");
    }
  }

  /** Always the likeliest token, the first of equals; what understanding uses. */
  public static TokenSampling greedy() {
    return new TokenSampling(1, OptionalInt.of(1), OptionalDouble.empty());
  }

  public boolean isGreedy() {
    return topK.isPresent() && topK.getAsInt() == 1;
  }
}
