package dev.showo2.pipeline;

import dev.showo2.media.video.FrameSink;
import dev.showo2.pipeline.internal.ImageEncoder;
import dev.showo2.pipeline.internal.LoadedModel;
import dev.showo2.pipeline.internal.VideoGenerator;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import java.awt.image.BufferedImage;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apiguardian.api.API;

/**
 * The pipeline from an image to a video that begins with it: the image's latents, the mean of what
 * the encoder gives, stay unchanged as the first frame while the others flow (SPEC 8).
 *
 * <p>The same request with the same seed gives the same frames. Thread-safe.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class ImageToVideo {

  private static final Stage[] STAGES = {
    Stage.VAE_IMAGE_ENCODER,
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
  public ImageToVideo(LoadedModel model) {
    this.model = Objects.requireNonNull(model, "model");
  }

  /**
   * Makes a video; errors as {@link #generate(ImageToVideoRequest, FrameSink, GenerationListener)}.
   *
   * @param request image and video
   * @param sink takes the frames, once the latents are complete
   * @return the video's latents and settings
   */
  public GeneratedVideo generate(ImageToVideoRequest request, FrameSink sink) {
    return generate(request, sink, GenerationListener.NONE);
  }

  /**
   * Makes a video and reports progress; errors as {@link TextToVideo#generate(TextToVideoRequest,
   * FrameSink, GenerationListener)}.
   *
   * @param request image and video
   * @param sink takes the frames, once the latents are complete; not closed
   * @param listener called back with the noise and each solver step after it
   * @return the video's latents and settings
   */
  public GeneratedVideo generate(
      ImageToVideoRequest request, FrameSink sink, GenerationListener listener) {
    Objects.requireNonNull(request, "request");
    Objects.requireNonNull(sink, "sink");
    Objects.requireNonNull(listener, "listener");
    model.require("image to video", STAGES);
    return new VideoGenerator(model, Task.IMAGE_TO_VIDEO, listener)
        .generate(
            request.prompt(),
            request.options(),
            request.latentFrames(),
            Optional.of(() -> encode(request.image())),
            sink);
  }

  /**
   * Makes a video as {@link #generate(ImageToVideoRequest, FrameSink, GenerationListener)} does, on
   * the model's executor. Completing the future from outside, as {@code cancel} and {@code
   * orTimeout} do, cancels the request before its next step.
   *
   * @param request the image and the video
   * @param sink called on the executor's thread
   * @param listener called on the executor's thread
   * @return completes with the video's latents and settings, or with the exception that the
   *     blocking form throws
   */
  public CompletableFuture<GeneratedVideo> generateAsync(
      ImageToVideoRequest request, FrameSink sink, GenerationListener listener) {
    return model.requests().start(listener, told -> generate(request, sink, told));
  }

  private HostTensor encode(BufferedImage image) {
    ImageEncoder encoder = ImageEncoder.of(model, model.architecture().videoGrid());
    return encoder.mean(encoder.pixels(image));
  }
}
