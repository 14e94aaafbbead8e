package dev.showo2.pipeline;

import dev.showo2.media.video.FrameSink;
import dev.showo2.pipeline.internal.DecodeFailures;
import dev.showo2.pipeline.internal.LoadedModel;
import dev.showo2.pipeline.internal.RequestContext;
import dev.showo2.pipeline.internal.VideoGenerator;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apiguardian.api.API;

/**
 * The pipeline from a prompt to a short video: the latents of all frames flow together, then the
 * VAE decodes them one after the other (SPEC 1, 7, 8).
 *
 * <p>The same request with the same seed gives the same frames. Thread-safe.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class TextToVideo {

  private static final Stage[] STAGES = {
    Stage.TEXT_EMBEDDING,
    Stage.TIME_EMBEDDING,
    Stage.FUSION,
    Stage.BACKBONE,
    Stage.FLOW_HEAD,
    Stage.VAE_VIDEO_DECODER
  };

  private final LoadedModel model;

  /**
   * Makes the pipeline of a model. No part of the API, as the package of its parameter says:
   * applications get the pipeline from {@code ShowO2}.
   *
   * @param model stays open while the pipeline is used
   */
  public TextToVideo(LoadedModel model) {
    this.model = Objects.requireNonNull(model, "model");
  }

  /**
   * Makes a video with the model's defaults; errors as {@link #generate(TextToVideoRequest,
   * FrameSink, GenerationListener)}.
   *
   * @param prompt as for {@link TextToVideoRequest#builder}
   * @param sink takes the frames, once the latents are complete
   * @return the video's latents and settings
   */
  public GeneratedVideo generate(String prompt, FrameSink sink) {
    return generate(TextToVideoRequest.of(prompt), sink);
  }

  /**
   * Makes a video; errors as {@link #generate(TextToVideoRequest, FrameSink, GenerationListener)}.
   *
   * @param request the video
   * @param sink takes the frames, once the latents are complete
   * @return the video's latents and settings
   */
  public GeneratedVideo generate(TextToVideoRequest request, FrameSink sink) {
    return generate(request, sink, GenerationListener.NONE);
  }

  /**
   * Makes a video and reports progress.
   *
   * @param request the video
   * @param sink takes the frames, once the latents are complete; not closed
   * @param listener called back with the noise and each solver step after it
   * @return the video's latents and settings
   * @throws dev.showo2.error.InvalidRequestException if the prompt is too long for the model, or
   *     initial latents do not fit; found before any model work starts
   * @throws dev.showo2.error.UnsupportedFeatureException if the backend lacks a stage; found as
   *     early
   * @throws dev.showo2.error.BackendException if the engine fails or gives values that are not
   *     finite
   * @throws DecodingException if the decoder fails on latents that are complete; they are kept in
   *     the exception
   * @throws dev.showo2.error.CancelledException if the listener or an interrupt ends the request
   */
  public GeneratedVideo generate(
      TextToVideoRequest request, FrameSink sink, GenerationListener listener) {
    Objects.requireNonNull(request, "request");
    Objects.requireNonNull(sink, "sink");
    Objects.requireNonNull(listener, "listener");
    model.require("text to video", STAGES);
    return new VideoGenerator(model, Task.TEXT_TO_VIDEO, listener)
        .generate(
            request.prompt(), request.options(), request.latentFrames(), Optional.empty(), sink);
  }

  /**
   * Makes a video as {@link #generate(TextToVideoRequest, FrameSink, GenerationListener)} does, on
   * the model's executor. Completing the future from outside, as {@code cancel} and {@code
   * orTimeout} do, cancels the request before its next step.
   *
   * @param request the video
   * @param sink called on the executor's thread
   * @param listener called on the executor's thread
   * @return completes with the video's latents and settings, or with the exception that the
   *     blocking form throws
   */
  public CompletableFuture<GeneratedVideo> generateAsync(
      TextToVideoRequest request, FrameSink sink, GenerationListener listener) {
    return model.requests().start(listener, told -> generate(request, sink, told));
  }

  /**
   * Decodes latents, such as those of a {@link DecodingException}.
   *
   * @param latents [1, C, T, h, w]
   * @param sink takes the frames; not closed
   * @return the number of frames, 1 + 4·(T − 1)
   * @throws dev.showo2.error.InvalidRequestException if the latents have another shape
   * @throws dev.showo2.error.UnsupportedFeatureException if the backend lacks the decoder
   * @throws DecodingException if the engine fails or has no memory
   * @throws dev.showo2.error.CancelledException if an interrupt ends it
   */
  public int decode(HostTensor latents, FrameSink sink) {
    DecodeFailures.requireShape(latents, model.architecture().vae().latentChannels(), -1);
    Objects.requireNonNull(sink, "sink");
    model.require("decoding of videos", Stage.VAE_VIDEO_DECODER);
    return new VideoGenerator(model, Task.TEXT_TO_VIDEO, GenerationListener.NONE)
        .decode(latents, sink, new RequestContext(GenerationListener.NONE));
  }
}
