package dev.showo2.sampler;

import dev.showo2.error.InvalidRequestException;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.apiguardian.api.API;

/**
 * The choice of the next token (SPEC 7): logits are divided by the temperature, cut to the top k,
 * then to the top p, and one token is drawn from what is left.
 *
 * <p>Immutable and thread-safe.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class TokenSampling {

  private static final TokenSampling GREEDY = builder().topK(1).build();

  private final float temperature;
  private final OptionalInt topK;
  private final OptionalDouble topP;

  private TokenSampling(Builder builder) {
    temperature = builder.temperature;
    topK = builder.topK;
    topP = builder.topP;
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

  /** {@return a choice of the likeliest token, the first of equals; what understanding uses} */
  public static TokenSampling greedy() {
    return GREEDY;
  }

  /** {@return a builder of the model's own distribution: temperature 1, all tokens kept} */
  public static Builder builder() {
    return new Builder();
  }

  /** {@return a builder with these settings} */
  public Builder toBuilder() {
    Builder builder = builder().temperature(temperature);
    builder.topK = topK;
    builder.topP = topP;
    return builder;
  }

  /** {@return the temperature, finite and above 0} */
  public float temperature() {
    return temperature;
  }

  /** {@return how many of the likeliest tokens are kept, at least 1; empty: all} */
  public OptionalInt topK() {
    return topK;
  }

  /** {@return the probability that the tokens kept exceed, above 0 and at most 1; empty: all} */
  public OptionalDouble topP() {
    return topP;
  }

  /** {@return whether the likeliest token is taken without chance} */
  public boolean isGreedy() {
    return topK.isPresent() && topK.getAsInt() == 1;
  }

  private List<Object> settings() {
    return List.of(temperature, topK, topP);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TokenSampling sampling && settings().equals(sampling.settings());
  }

  @Override
  public int hashCode() {
    return settings().hashCode();
  }

  @Override
  public String toString() {
    return "TokenSampling[temperature=" + temperature + ", topK=" + topK + ", topP=" + topP + "]";
  }

  /** Builds a {@link TokenSampling}. Not thread-safe. */
  @API(status = API.Status.MAINTAINED, since = "0.1")
  public static final class Builder {

    private float temperature = 1;
    private OptionalInt topK = OptionalInt.empty();
    private OptionalDouble topP = OptionalDouble.empty();

    private Builder() {}

    /**
     * Sets the temperature: below 1 prefers likely tokens, above 1 makes all more alike. Default:
     * 1, the model's own distribution.
     *
     * @param temperature finite and above 0
     * @return this builder
     */
    public Builder temperature(float temperature) {
      this.temperature = temperature;
      return this;
    }

    /**
     * Keeps the likeliest tokens only; ties with the last of them stay. Default: all.
     *
     * @param topK how many, at least 1, which is greedy
     * @return this builder
     */
    public Builder topK(int topK) {
      this.topK = OptionalInt.of(topK);
      return this;
    }

    /**
     * Keeps the likeliest tokens until their probability together exceeds a limit; the token that
     * crosses it stays. Default: all.
     *
     * @param topP above 0 and at most 1, which keeps all
     * @return this builder
     */
    public Builder topP(double topP) {
      this.topP = OptionalDouble.of(topP);
      return this;
    }

    /**
     * Builds the choice.
     *
     * @return the choice
     * @throws InvalidRequestException if a setting is out of its range
     */
    public TokenSampling build() {
      return new TokenSampling(this);
    }
  }
}
