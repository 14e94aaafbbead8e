package dev.showo2.pipeline;

import dev.showo2.pipeline.internal.ImageArguments;
import dev.showo2.pipeline.internal.ImageInput;
import dev.showo2.pipeline.internal.LoadedModel;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apiguardian.api.API;

/**
 * The pipeline that answers questions on images (SPEC 8), one at a time or in a conversation.
 *
 * <p>The same request gives the same answer. Thread-safe.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class ImageUnderstanding {

  static final Stage[] STAGES = {
    Stage.VAE_IMAGE_ENCODER,
    Stage.FUSION,
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
  public ImageUnderstanding(LoadedModel model) {
    this.model = Objects.requireNonNull(model, "model");
  }

  /**
   * Answers with the released settings: greedy, at most 300 tokens; errors as {@link
   * #ask(ImageUnderstandingRequest, GenerationListener)}.
   *
   * @param image of any size; its middle is what the model sees
   * @param question in English or Chinese, up to 4096 tokens
   * @return the answer
   */
  public GeneratedText ask(BufferedImage image, String question) {
    return ask(ImageUnderstandingRequest.of(image, question), GenerationListener.NONE);
  }

  /**
   * Answers a question and reports progress.
   *
   * @param request images and question
   * @param listener called back with each token
   * @return the answer
   * @throws dev.showo2.error.InvalidRequestException if the question is too long, alone or together
   *     with its images; found before any model work starts
   * @throws dev.showo2.error.UnsupportedFeatureException if the backend lacks a stage; found as
   *     early
   * @throws dev.showo2.error.BackendException if the engine fails or gives values that are not
   *     finite
   * @throws dev.showo2.error.CancelledException if the listener or an interrupt ends the request
   */
  public GeneratedText ask(ImageUnderstandingRequest request, GenerationListener listener) {
    Objects.requireNonNull(listener, "listener");
    ConversationOptions opening =
        ConversationOptions.builder()
            .latentChoice(request.latentChoice())
            .seed(request.options().seed())
            .build();
    try (Conversation conversation = open(request.images(), opening)) {
      return conversation.ask(request.question(), request.options(), listener);
    }
  }

  /**
   * Answers a question as {@link #ask(ImageUnderstandingRequest, GenerationListener)} does, on the
   * model's executor. Completing the future from outside, as {@code cancel} and {@code orTimeout}
   * do, cancels the request before its next step.
   *
   * @param request images and question
   * @param listener called on the executor's thread
   * @return completes with the answer, or with the exception that the blocking form throws
   */
  public CompletableFuture<GeneratedText> askAsync(
      ImageUnderstandingRequest request, GenerationListener listener) {
    return model.requests().start(listener, told -> ask(request, told));
  }

  /**
   * Begins a conversation about images with {@link ConversationOptions#DEFAULTS}.
   *
   * @param images as for {@link #open(List, ConversationOptions)}
   * @return the conversation, to be closed by the caller
   */
  public Conversation open(List<BufferedImage> images) {
    return open(images, ConversationOptions.DEFAULTS);
  }

  /**
   * Begins a conversation about images. They are encoded with the first question.
   *
   * @param images at least one, in the order in which the model sees them; as for {@link
   *     Conversation#add}
   * @param options system text and latents
   * @return the conversation, to be closed by the caller before the model
   * @throws dev.showo2.error.InvalidRequestException if there is no image, or the system text is
   *     too long
   * @throws dev.showo2.error.UnsupportedFeatureException if the backend lacks a stage
   */
  public Conversation open(List<BufferedImage> images, ConversationOptions options) {
    List<BufferedImage> present = ImageArguments.require("image", images);
    model.require(Task.IMAGE_UNDERSTANDING.toString(), STAGES);
    Conversation conversation = Conversation.open(model, Task.IMAGE_UNDERSTANDING, options);
    present.forEach(conversation::add);
    return conversation;
  }

  /**
   * Encodes the images of a request as the request's answer would see them.
   *
   * @param request images, and the choice and seed of their latents
   * @return latents [1, C, 1, h, w] of each image
   * @throws dev.showo2.error.BackendException if the engine fails
   */
  public List<HostTensor> latents(ImageUnderstandingRequest request) {
    List<BufferedImage> images = request.images();
    long seed = request.options().seed();
    return IntStream.range(0, images.size())
        .mapToObj(i -> new ImageInput(model, images.get(i), request.latentChoice(), seed + i))
        .map(ImageInput::latents)
        .toList();
  }
}
