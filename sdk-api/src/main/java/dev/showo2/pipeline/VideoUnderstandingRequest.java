package dev.showo2.pipeline;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.pipeline.internal.ImageArguments;
import dev.showo2.pipeline.internal.PromptEncoder;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * A question on a video.
 *
 * <p>Immutable and thread-safe as long as nobody writes to its frames.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class VideoUnderstandingRequest {

  /** The number of frames that the released scripts look at. */
  public static final int DEFAULT_FRAME_COUNT = 32;

  private final List<BufferedImage> frames;
  private final String question;
  private final int frameCount;
  private final TextOptions options;
  private final LatentChoice latentChoice;

  private VideoUnderstandingRequest(Builder builder) {
    frames = ImageArguments.require("frame", builder.frames);
    question = builder.question;
    frameCount = builder.frameCount;
    options = builder.textOptions();
    latentChoice = builder.latentChoice;
    PromptEncoder.requirePresent("question", question);
    requireFrameCount(frameCount);
  }

  static void requireFrameCount(int frameCount) {
    if (frameCount < 1) {
      throw new InvalidRequestException("frame count: at least 1 is needed, found " + frameCount);
    }
  }

  /**
   * Makes a request with 32 frames, greedy decoding, latents sampled with seed 0 and at most 300
   * tokens.
   *
   * @param frames as for {@link #builder}
   * @param question as for {@link #builder}
   * @return the request
   * @throws InvalidRequestException if there are no frames or no question
   */
  public static VideoUnderstandingRequest of(List<BufferedImage> frames, String question) {
    return builder(frames, question).build();
  }

  /**
   * Begins a question on a video.
   *
   * @param frames of the video in their order, at least one, of any size; those that are looked at
   *     are seen whole, on black. Not copied; not to be written to while the request is served
   * @param question in English or Chinese, up to 4096 tokens
   * @return a builder
   */
  public static Builder builder(List<BufferedImage> frames, String question) {
    return new Builder(frames, question);
  }

  /** {@return a builder with frames, question and settings of this request} */
  public Builder toBuilder() {
    return builder(frames, question)
        .frameCount(frameCount)
        .options(options)
        .latentChoice(latentChoice);
  }

  /** {@return the frames as an immutable list} */
  public List<BufferedImage> frames() {
    return frames;
  }

  /** {@return the question} */
  public String question() {
    return question;
  }

  /** {@return the number of frames that are looked at, at least 1} */
  public int frameCount() {
    return frameCount;
  }

  /** {@return the settings of the answer; the latents are drawn with their seed} */
  public TextOptions options() {
    return options;
  }

  /** {@return how latents are taken from the encoder's distribution} */
  public LatentChoice latentChoice() {
    return latentChoice;
  }

  private List<Object> settings() {
    return List.of(frames, question, frameCount, options, latentChoice);
  }

  /** Compares settings by value and frames by identity. */
  @Override
  public boolean equals(Object other) {
    return other instanceof VideoUnderstandingRequest request
        && settings().equals(request.settings());
  }

  @Override
  public int hashCode() {
    return settings().hashCode();
  }

  @Override
  public String toString() {
    return "VideoUnderstandingRequest["
        + frames.size()
        + " frames, question="
        + question
        + ", frameCount="
        + frameCount
        + ", options="
        + options
        + ", latentChoice="
        + latentChoice
        + "]";
  }

  /** Builds a {@link VideoUnderstandingRequest}. Not thread-safe. */
  @API(status = API.Status.MAINTAINED, since = "0.1")
  public static final class Builder extends TextRequestBuilder<Builder> {

    private final List<BufferedImage> frames;
    private final String question;
    private int frameCount = DEFAULT_FRAME_COUNT;
    private LatentChoice latentChoice = LatentChoice.SAMPLE;

    private Builder(List<BufferedImage> frames, String question) {
      this.frames = frames;
      this.question = question;
    }

    @Override
    Builder self() {
      return this;
    }

    /**
     * Sets how many frames are looked at, spread evenly from the first to the last; of fewer frames
     * than that, some are looked at repeatedly. Each takes room in the context, and models do best
     * with the number that they were trained with. Default: {@link #DEFAULT_FRAME_COUNT}.
     *
     * @param frameCount at least 1; the most that fit are known to the model and checked when the
     *     request is served
     * @return this builder
     */
    public Builder frameCount(int frameCount) {
      this.frameCount = frameCount;
      return this;
    }

    /**
     * Sets how latents are taken from the encoder's distribution. Default: {@link
     * LatentChoice#SAMPLE}, as in the released code.
     *
     * @param latentChoice sampled with the seed, or the mean
     * @return this builder
     */
    public Builder latentChoice(LatentChoice latentChoice) {
      this.latentChoice = Objects.requireNonNull(latentChoice, "latentChoice");
      return this;
    }

    /**
     * Builds the request.
     *
     * @return the request
     * @throws InvalidRequestException if a setting is out of its range, or there are no frames or
     *     no question
     */
    public VideoUnderstandingRequest build() {
      return new VideoUnderstandingRequest(this);
    }
  }
}
