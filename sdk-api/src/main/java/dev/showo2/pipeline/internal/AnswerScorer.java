package dev.showo2.pipeline.internal;

import dev.showo2.error.BackendException;
import dev.showo2.error.InvalidRequestException;
import dev.showo2.sampler.internal.FiniteValues;
import dev.showo2.sequence.internal.Part;
import dev.showo2.sequence.internal.Segment;
import dev.showo2.spi.Backend;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.FusionRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.LanguageHeadRequest;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.apiguardian.api.API;

/**
 * Scores given answers to a question on an image: the mean log-probability of an answer's tokens,
 * each after the preceding ones. All answers share the KV cache of image and question.
 *
 * <p>Thread-safe.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class AnswerScorer {

  /** The stages that scoring needs, without those that encode the image. */
  public static final Stage[] STAGES = {
    Stage.FUSION, Stage.TEXT_EMBEDDING, Stage.TIME_EMBEDDING, Stage.BACKBONE, Stage.LANGUAGE_HEAD
  };

  /** The number of positions whose logits are in memory together: vocabularies are large. */
  private static final int CHUNK = 32;

  private final LoadedModel model;
  private final int[] question;
  private final List<int[]> answers;

  private AnswerScorer(LoadedModel model, int[] question, List<int[]> answers) {
    this.model = model;
    this.question = question;
    this.answers = answers;
  }

  /**
   * Makes a scorer of answers to one question.
   *
   * @param model that scores
   * @param question on the image; may be empty
   * @param answers none of them empty; {@code <|im_end|>} at the end of one includes the
   *     probability that the answer ends there
   * @return the scorer
   * @throws InvalidRequestException if the question or an answer is null, empty or too long
   */
  public static AnswerScorer of(LoadedModel model, String question, List<String> answers) {
    return new AnswerScorer(
        model,
        PromptEncoder.encodeQuestion(model, "question", question),
        answers.stream().map(answer -> encode(model, answer)).toList());
  }

  private static int[] encode(LoadedModel model, String answer) {
    int[] ids = PromptEncoder.encodeMessage(model, "answer", answer);
    if (ids.length == 0) {
      throw new InvalidRequestException("answer: text is needed to be scored, found none");
    }
    return ids;
  }

  /**
   * Scores the answers for one image.
   *
   * @param latents [1, C, 1, h, w] of the image
   * @param run context of the request
   * @return for each answer the mean log-probability of its tokens in nats, at most 0
   * @throws BackendException if the engine fails or gives values that are not finite
   */
  public double[] score(HostTensor latents, RequestContext run) {
    Backend backend = model.backend();
    run.check();
    try (Tensor uploaded = backend.upload(latents);
        Tensor image = backend.fusion().fuse(FusionRequest.of(uploaded));
        KvCache cache = backend.backbone().newCache(cacheFor(prompt(image)))) {
      List<Segment> prompt = prompt(image);
      run.check();
      float[] first;
      try (Tensor hidden = new SegmentRunner(backend, 1).appendAll(cache, prompt, List.of(image))) {
        first = logits(LanguageHeadRequest.of(hidden, true));
      }
      int end = cache.length();
      double[] scores = new double[answers.size()];
      for (int i = 0; i < scores.length; i++) {
        cache.truncate(end);
        scores[i] = score(cache, first, answers.get(i), run);
      }
      return scores;
    }
  }

  private List<Segment> prompt(Tensor image) {
    int tokens = Math.toIntExact(image.shape().dimension(1));
    return model.layout().imageUnderstanding(tokens, question);
  }

  /** A cache for the prompt and one answer after it, since answers take turns. */
  private CacheRequest cacheFor(List<Segment> prompt) {
    int longest = answers.stream().mapToInt(answer -> answer.length).max().orElse(0);
    int positions = prompt.stream().mapToInt(Segment::length).sum() + longest;
    return CacheRequest.builder(1).expectedPositions(positions).build();
  }

  /**
   * Scores one answer.
   *
   * @param first logits of the prompt's last position, which predict the answer's first token
   */
  private double score(KvCache cache, float[] first, int[] answer, RequestContext run) {
    // Rows of the matrix beyond the tokens are padding and have no probability.
    int tokens = Math.min(model.tokenizer().vocabularySize(), first.length);
    double sum = logProbability(first, 0, tokens, answer[0]);
    int predicting = answer.length - 1;
    for (int start = 0; start < predicting; start += CHUNK) {
      run.check();
      int[] chunk = Arrays.copyOfRange(answer, start, Math.min(start + CHUNK, predicting));
      float[] logits = append(cache, chunk);
      int vocabulary = logits.length / chunk.length;
      for (int i = 0; i < chunk.length; i++) {
        sum += logProbability(logits, i * vocabulary, tokens, answer[start + i + 1]);
      }
    }
    return sum / answer.length;
  }

  /** Logits after each of the tokens. */
  private float[] append(KvCache cache, int[] ids) {
    try (Tensor hidden =
        new SegmentRunner(model.backend(), 1)
            .append(cache, Segment.causal(new Part.Text(ids)), List.of())) {
      return logits(LanguageHeadRequest.of(hidden, false));
    }
  }

  private float[] logits(LanguageHeadRequest request) {
    FiniteValues.require("hidden states", request.hidden());
    try (Tensor logits = model.backend().languageHead().logits(request)) {
      return logits.toHost().values();
    }
  }

  private static double logProbability(float[] logits, int from, int vocabulary, int id) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = from; i < from + vocabulary; i++) {
      largest = Math.max(largest, logits[i]);
    }
    double sum = 0;
    for (int i = from; i < from + vocabulary; i++) {
      sum += Math.exp(logits[i] - largest);
    }
    if (!Double.isFinite(sum)) {
      throw new BackendException(
          "logits: expected numbers; found some that are not finite; the model overflows in this"
              + " precision or its weights are corrupt");
    }
    return logits[from + id] - largest - Math.log(sum);
  }
}
