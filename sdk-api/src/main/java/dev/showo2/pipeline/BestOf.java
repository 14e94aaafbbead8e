package dev.showo2.pipeline;

import dev.showo2.pipeline.internal.AnswerScorer;
import dev.showo2.pipeline.internal.ImageEncoder;
import dev.showo2.pipeline.internal.LoadedModel;
import dev.showo2.pipeline.internal.PreparedImageRequest;
import dev.showo2.pipeline.internal.RequestContext;
import dev.showo2.pipeline.internal.RequestMemory;
import dev.showo2.stage.Stage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apiguardian.api.API;

/**
 * The pipeline that draws several images of a prompt and lets the model rank them: each image goes
 * through the path of image understanding, and its score is the log-probability of an answer, such
 * as the prompt to "What is in the image?". Of images that are wider or higher than the model's own
 * shape it sees the middle, as in all questions on images.
 *
 * <p>The same request with the same seed gives the same images and scores. Thread-safe.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class BestOf {

  private static final Stage[] STAGES =
      Stream.of(
              Stream.of(Stage.VAE_IMAGE_ENCODER),
              Arrays.stream(TextToImage.STAGES),
              Arrays.stream(AnswerScorer.STAGES))
          .flatMap(each -> each)
          .distinct()
          .toArray(Stage[]::new);

  private final LoadedModel model;

  /**
   * Makes the pipeline of a model. No part of the API, as the package of its parameter says:
   * applications get the pipeline from {@code ShowO2}.
   *
   * @param model stays open while the pipeline is used
   */
  public BestOf(LoadedModel model) {
    this.model = Objects.requireNonNull(model, "model");
  }

  /**
   * Draws and ranks; errors as {@link #generate(BestOfRequest, GenerationListener)}.
   *
   * @param request the image and the number of candidates
   * @return all candidates, the best first
   */
  public List<ScoredImage> generate(BestOfRequest request) {
    return generate(request, GenerationListener.NONE);
  }

  /**
   * Draws and ranks, and reports progress.
   *
   * @param request the image and the number of candidates
   * @param listener called back with each solver step, and with each candidate when it is drawn
   * @return all candidates, the best first; equals in the order of their seeds
   * @throws dev.showo2.error.InvalidRequestException if the prompt, alone or within the question,
   *     is too long for the model, or the size is not one that it draws; found before any model
   *     work starts; other errors as {@link TextToImage#generate(TextToImageRequest,
   *     GenerationListener)}
   */
  public List<ScoredImage> generate(BestOfRequest request, GenerationListener listener) {
    Objects.requireNonNull(request, "request");
    Objects.requireNonNull(listener, "listener");
    model.require("best of several images", STAGES);
    List<PreparedImageRequest> drawings =
        request.image().images(request.candidates()).stream()
            .map(image -> PreparedImageRequest.of(model, image))
            .toList();
    AnswerScorer scorer = request.judgment().scorer(model, request.image().prompt());
    return RequestContext.of(
        model,
        Task.BEST_OF,
        listener,
        RequestMemory.of(model).images(drawings),
        run -> ranked(drawings, scorer, run));
  }

  /**
   * Draws and ranks as {@link #generate(BestOfRequest, GenerationListener)} does, on the model's
   * executor. Completing the future from outside, as {@code cancel} and {@code orTimeout} do,
   * cancels the request before its next step.
   *
   * @param request the image and the number of candidates
   * @param listener called on the executor's thread
   * @return completes with all candidates, the best first, or with the exception that the blocking
   *     form throws
   */
  public CompletableFuture<List<ScoredImage>> generateAsync(
      BestOfRequest request, GenerationListener listener) {
    return model.requests().start(listener, told -> generate(request, told));
  }

  private List<ScoredImage> ranked(
      List<PreparedImageRequest> drawings, AnswerScorer scorer, RequestContext run) {
    TextToImage images = new TextToImage(model);
    ImageEncoder encoder = ImageEncoder.of(model, model.architecture().imageGrid());
    List<ScoredImage> scored = new ArrayList<>();
    for (PreparedImageRequest drawing : drawings) {
      GeneratedImage image = images.draw(drawing, run, scored.size());
      run.check();
      // Encoded anew: what counts is the image as it is seen, not the latents it came from.
      double score = scorer.score(encoder.mean(encoder.pixels(image.image())), run)[0];
      scored.add(new ScoredImage(image, score));
    }
    scored.sort(Comparator.comparingDouble(ScoredImage::score).reversed());
    return List.copyOf(scored);
  }
}
