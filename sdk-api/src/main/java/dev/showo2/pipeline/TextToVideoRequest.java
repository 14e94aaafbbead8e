package dev.showo2.pipeline;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.pipeline.internal.PromptEncoder;
import dev.showo2.pipeline.internal.VideoGenerator;
import java.util.List;
import java.util.OptionalInt;
import org.apiguardian.api.API;

/**
 * A request for a video from a prompt. A setting that is left open is taken from the model's
 * defaults.
 *
 * <p>Immutable and thread-safe.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class TextToVideoRequest {

  private final String prompt;
  private final FlowOptions options;
  private final OptionalInt latentFrames;

  private TextToVideoRequest(Builder builder) {
    prompt = builder.prompt;
    options = builder.flowOptions();
    latentFrames = builder.latentFrames;
    PromptEncoder.requirePresent("prompt", prompt);
    VideoGenerator.requireFrames(latentFrames);
  }

  /**
   * Makes a request with the model's defaults.
   *
   * @param prompt as for {@link #builder}
   * @return the request
   * @throws InvalidRequestException if there is no prompt, or it has too many characters
   */
  public static TextToVideoRequest of(String prompt) {
    return builder(prompt).build();
  }

  /**
   * Begins a request with every setting left open.
   *
   * @param prompt a description of the video in English or Chinese; empty: any video that the model
   *     may come up with
   * @return a builder
   */
  public static Builder builder(String prompt) {
    return new Builder(prompt);
  }

  /** {@return a builder with prompt and settings of this request} */
  public Builder toBuilder() {
    Builder builder = builder(prompt).options(options);
    builder.latentFrames = latentFrames;
    return builder;
  }

  /** {@return the prompt; may be empty} */
  public String prompt() {
    return prompt;
  }

  /** {@return the settings of the flow} */
  public FlowOptions options() {
    return options;
  }

  /** {@return the number T of latent frames, 1 to 256; empty: the model's default} */
  public OptionalInt latentFrames() {
    return latentFrames;
  }

  private List<Object> settings() {
    return List.of(prompt, options, latentFrames);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TextToVideoRequest request && settings().equals(request.settings());
  }

  @Override
  public int hashCode() {
    return settings().hashCode();
  }

  @Override
  public String toString() {
    return "TextToVideoRequest[prompt="
        + prompt
        + ", options="
        + options
        + ", latentFrames="
        + latentFrames
        + "]";
  }

  /** Builds a {@link TextToVideoRequest}. Not thread-safe. */
  @API(status = API.Status.MAINTAINED, since = "0.1")
  public static final class Builder extends FlowRequestBuilder<Builder> {

    private final String prompt;
    private OptionalInt latentFrames = OptionalInt.empty();

    private Builder(String prompt) {
      this.prompt = prompt;
    }

    @Override
    Builder self() {
      return this;
    }

    /**
     * Sets the length of the video. T latent frames make 1 + 4·(T − 1) frames; time and memory grow
     * faster than T. Default: the model's.
     *
     * @param latentFrames T, 1 to 256
     * @return this builder
     */
    public Builder latentFrames(int latentFrames) {
      this.latentFrames = OptionalInt.of(latentFrames);
      return this;
    }

    /**
     * Builds the request.
     *
     * @return the request
     * @throws InvalidRequestException if a setting is out of its range, or there is no prompt
     */
    public TextToVideoRequest build() {
      return new TextToVideoRequest(this);
    }
  }
}
