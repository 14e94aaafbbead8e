package dev.showo2.pipeline;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.media.internal.FrameSampling;
import dev.showo2.pipeline.internal.ImageArguments;
import dev.showo2.pipeline.internal.LoadedModel;
import dev.showo2.stage.Stage;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.apiguardian.api.API;

/**
 * The pipeline that answers questions on a video (SPEC 8), one at a time or in a conversation.
 *
 * <p>The same request gives the same answer. Thread-safe.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class VideoUnderstanding {

  private static final Stage[] STAGES = {
    Stage.VAE_IMAGE_ENCODER,
    Stage.FUSION,
    Stage.FUSION_RESIZE,
    Stage.TEXT_EMBEDDING,
    Stage.TIME_EMBEDDING,
    Stage.BACKBONE,
    Stage.LANGUAGE_HEAD
  };

  private final LoadedModel model;

  /**
   * Makes the pipeline of a model. No part of the API, as the package of its parameter says:
   * applications get the pipeline from {@code ShowO2}.
   *
   * @param model stays open while the pipeline is used
   */
  public VideoUnderstanding(LoadedModel model) {
    this.model = Objects.requireNonNull(model, "model");
  }

  /**
   * Answers with the released settings: 32 frames, greedy, at most 300 tokens; errors as {@link
   * #ask(VideoUnderstandingRequest, GenerationListener)}.
   *
   * @param frames of the video in their order, at least one
   * @param question in English or Chinese, up to 4096 tokens
   * @return the answer
   */
  public GeneratedText ask(List<BufferedImage> frames, String question) {
    return ask(VideoUnderstandingRequest.of(frames, question), GenerationListener.NONE);
  }

  /**
   * Answers a question and reports progress.
   *
   * @param request frames and question
   * @param listener called back with each token
   * @return the answer
   * @throws InvalidRequestException if the question is too long, alone or together with the frames;
   *     found before any model work starts
   * @throws dev.showo2.error.UnsupportedFeatureException if the backend lacks a stage; found as
   *     early
   * @throws dev.showo2.error.BackendException if the engine fails or gives values that are not
   *     finite
   * @throws dev.showo2.error.CancelledException if the listener or an interrupt ends the request
   */
  public GeneratedText ask(VideoUnderstandingRequest request, GenerationListener listener) {
    Objects.requireNonNull(listener, "listener");
    ConversationOptions opening =
        ConversationOptions.builder()
            .latentChoice(request.latentChoice())
            .seed(request.options().seed())
            .build();
    try (Conversation conversation = open(request.frames(), request.frameCount(), opening)) {
      return conversation.ask(request.question(), request.options(), listener);
    }
  }

  /**
   * Answers a question as {@link #ask(VideoUnderstandingRequest, GenerationListener)} does, on the
   * model's executor. Completing the future from outside, as {@code cancel} and {@code orTimeout}
   * do, cancels the request before its next step.
   *
   * @param request frames and question
   * @param listener called on the executor's thread
   * @return completes with the answer, or with the exception that the blocking form throws
   */
  public CompletableFuture<GeneratedText> askAsync(
      VideoUnderstandingRequest request, GenerationListener listener) {
    return model.requests().start(listener, told -> ask(request, told));
  }

  /**
   * Begins a conversation about a video with 32 frames and {@link ConversationOptions#DEFAULTS}.
   *
   * @param frames as for {@link VideoUnderstandingRequest#builder}
   * @return the conversation, to be closed by the caller
   */
  public Conversation open(List<BufferedImage> frames) {
    return open(
        frames, VideoUnderstandingRequest.DEFAULT_FRAME_COUNT, ConversationOptions.DEFAULTS);
  }

  /**
   * Begins a conversation about a video. Its frames are encoded with the first question.
   *
   * @param frames as for {@link VideoUnderstandingRequest#builder}; not to be written to until the
   *     first question is answered
   * @param frameCount number of frames that are looked at, at least 1
   * @param options system text and latents
   * @return the conversation, to be closed by the caller before the model
   * @throws InvalidRequestException if there are no frames, more are to be looked at than a
   *     conversation holds, or the system text is too long
   * @throws dev.showo2.error.UnsupportedFeatureException if the backend lacks a stage
   */
  public Conversation open(
      List<BufferedImage> frames, int frameCount, ConversationOptions options) {
    List<BufferedImage> present = ImageArguments.require("frame", frames);
    requireRoom(frameCount);
    model.require(Task.VIDEO_UNDERSTANDING.toString(), STAGES);
    Conversation conversation = Conversation.open(model, Task.VIDEO_UNDERSTANDING, options);
    conversation.addVideo(
        Arrays.stream(FrameSampling.evenly(present.size(), frameCount))
            .mapToObj(present::get)
            .toList());
    return conversation;
  }

  /** Before anything is made for each frame. */
  private void requireRoom(int frameCount) {
    VideoUnderstandingRequest.requireFrameCount(frameCount);
    int most = Conversation.MAX_POSITIONS / model.architecture().videoUnderstandingGrid().tokens();
    if (frameCount > most) {
      throw new InvalidRequestException(
          "frame count: this model can look at " + most + " frames at most, found " + frameCount);
    }
  }
}
