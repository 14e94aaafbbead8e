package dev.showo2.pipeline;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.pipeline.internal.PromptEncoder;
import dev.showo2.pipeline.internal.VideoGenerator;
import java.util.Objects;
import java.util.OptionalInt;
import org.apiguardian.api.API;

/**
 * A video to be made from a prompt. What is left open is taken from the model's defaults.
 * Immutable.
 *
 * @param prompt what happens, in English or Chinese; empty for whatever the model likes
 * @param options how the flow runs
 * @param latentFrames T, 1 to 256; the video has 1 + 4·(T - 1) frames
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record TextToVideoRequest(String prompt, FlowOptions options, OptionalInt latentFrames) {

  /**
   * @throws InvalidRequestException if there is no prompt, or the latent frames are out of their
   *     range
   */
  public TextToVideoRequest {
    PromptEncoder.requirePresent("prompt", prompt);
    Objects.requireNonNull(options, "options");
    VideoGenerator.requireFrames(latentFrames);
  }

  /** A request with the model's defaults. */
  public static TextToVideoRequest of(String prompt) {
    return builder(prompt).build();
  }

  public static Builder builder(String prompt) {
    return new Builder(prompt);
  }

  /** Collects what a {@link TextToVideoRequest} is made of. */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
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

    public Builder latentFrames(int latentFrames) {
      this.latentFrames = OptionalInt.of(latentFrames);
      return this;
    }

    /**
     * @throws InvalidRequestException if a setting is out of its range, or if there is no prompt
     */
    public TextToVideoRequest build() {
      return new TextToVideoRequest(prompt, flowOptions(), latentFrames);
    }
  }
}
