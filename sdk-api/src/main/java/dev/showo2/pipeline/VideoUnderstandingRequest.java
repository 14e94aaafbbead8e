package dev.showo2.pipeline;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.pipeline.internal.ImageArguments;
import dev.showo2.pipeline.internal.PromptEncoder;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * A question on a video. Immutable.
 *
 * @param frames of the video in their order, at least one, of any size; those that are looked at
 *     are seen whole, on black. Not copied; nobody may draw on them while the request is served
 * @param question in English or Chinese, up to 4096 tokens
 * @param frameCount how many frames are looked at, spread evenly from the first to the last, at
 *     least 1; with fewer frames than that some are looked at repeatedly. Models do best with the
 *     count that they were trained with
 * @param options how the answer is written; its seed also draws the latents
 * @param latentChoice how latents are taken from the encoder's distribution
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record VideoUnderstandingRequest(
    List<BufferedImage> frames,
    String question,
    int frameCount,
    TextOptions options,
    LatentChoice latentChoice) {

  /** How many frames the released scripts look at. */
  public static final int DEFAULT_FRAME_COUNT = 32;

  /**
   * @throws InvalidRequestException if there are no frames or no question, or the frame count is
   *     less than 1
   */
  public VideoUnderstandingRequest {
    frames = ImageArguments.require("frame", frames);
    PromptEncoder.requirePresent("question", question);
    requireFrameCount(frameCount);
    Objects.requireNonNull(options, "options");
    Objects.requireNonNull(latentChoice, "latentChoice");
  }

  static void requireFrameCount(int frameCount) {
    if (frameCount < 1) {
      throw new InvalidRequestException("frame count: at least 1 is needed, found " + frameCount);
    }
  }

  /** Greedy decoding, 32 frames, latents sampled with seed 0, at most 300 tokens. */
  public static VideoUnderstandingRequest of(List<BufferedImage> frames, String question) {
    return builder(frames, question).build();
  }

  public static Builder builder(List<BufferedImage> frames, String question) {
    return new Builder(frames, question);
  }

  /** Collects what a {@link VideoUnderstandingRequest} is made of. */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
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

    public Builder frameCount(int frameCount) {
      this.frameCount = frameCount;
      return this;
    }

    public Builder latentChoice(LatentChoice latentChoice) {
      this.latentChoice = latentChoice;
      return this;
    }

    /**
     * @throws InvalidRequestException if a setting is out of its range, or if there are no frames
     *     or no question
     */
    public VideoUnderstandingRequest build() {
      return new VideoUnderstandingRequest(
          frames, question, frameCount, textOptions(), latentChoice);
    }
  }
}
