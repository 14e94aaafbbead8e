package dev.showo2.conformance.internal.check.pipeline;

import dev.showo2.media.video.FrameSink;
import dev.showo2.pipeline.GeneratedImage;
import dev.showo2.pipeline.GeneratedText;
import dev.showo2.pipeline.GeneratedVideo;
import dev.showo2.pipeline.GenerationListener;
import dev.showo2.pipeline.ImageUnderstanding;
import dev.showo2.pipeline.ImageUnderstandingRequest;
import dev.showo2.pipeline.TextToImage;
import dev.showo2.pipeline.TextToImageRequest;
import dev.showo2.pipeline.TextToVideo;
import dev.showo2.pipeline.TextToVideoRequest;
import dev.showo2.pipeline.internal.LoadedModel;
import dev.showo2.stage.Stage;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apiguardian.api.API;

/** Whole requests, as short as they can be; between them they use all stages but one. */
@API(status = API.Status.INTERNAL, since = "0.1")
public enum ShortRequest {
  IMAGE(
      Stage.TEXT_EMBEDDING,
      Stage.TIME_EMBEDDING,
      Stage.FUSION,
      Stage.BACKBONE,
      Stage.FLOW_HEAD,
      Stage.VAE_IMAGE_DECODER) {
    @Override
    public RequestResult make(LoadedModel model, GenerationListener listener) {
      TextToImageRequest request =
          TextToImageRequest.builder("a red bus").steps(3).guidanceScale(3).seed(3).build();
      GeneratedImage image = new TextToImage(model).generate(request, listener);
      return RequestResult.of(image.latents(), List.of(image.image()));
    }
  },
  ANSWER(
      Stage.VAE_IMAGE_ENCODER,
      Stage.TEXT_EMBEDDING,
      Stage.FUSION,
      Stage.BACKBONE,
      Stage.LANGUAGE_HEAD) {
    @Override
    public RequestResult make(LoadedModel model, GenerationListener listener) {
      BufferedImage image = new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB);
      image.createGraphics().fillRect(10, 5, 20, 20);
      ImageUnderstandingRequest request =
          ImageUnderstandingRequest.builder(image, "What is it?").maxTokens(3).build();
      GeneratedText answer = new ImageUnderstanding(model).ask(request, listener);
      return new RequestResult(Optional.empty(), answer.ids());
    }
  },
  VIDEO(
      Stage.TEXT_EMBEDDING,
      Stage.TIME_EMBEDDING,
      Stage.FUSION,
      Stage.BACKBONE,
      Stage.FLOW_HEAD,
      Stage.VAE_VIDEO_DECODER) {
    @Override
    public RequestResult make(LoadedModel model, GenerationListener listener) {
      List<BufferedImage> frames = new ArrayList<>();
      TextToVideoRequest request =
          TextToVideoRequest.builder("a red bus").latentFrames(2).steps(2).seed(3).build();
      GeneratedVideo video =
          new TextToVideo(model).generate(request, FrameSink.into(frames), listener);
      return RequestResult.of(video.latents(), frames);
    }
  };

  private final Set<Stage> needs;

  ShortRequest(Stage... needs) {
    this.needs = Set.of(needs);
  }

  /** The stages without which it is refused. */
  public Set<Stage> needs() {
    return needs;
  }

  /** Runs it. */
  public abstract RequestResult make(LoadedModel model, GenerationListener listener);
}
