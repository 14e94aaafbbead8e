package dev.showo2.pipeline;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.pipeline.internal.ConversationPrefix;
import dev.showo2.pipeline.internal.ImageArguments;
import dev.showo2.pipeline.internal.ImageInput;
import dev.showo2.pipeline.internal.LoadedModel;
import dev.showo2.pipeline.internal.PendingVisual;
import dev.showo2.pipeline.internal.PromptEncoder;
import dev.showo2.pipeline.internal.RequestContext;
import dev.showo2.pipeline.internal.RequestMemory;
import dev.showo2.pipeline.internal.SegmentRunner;
import dev.showo2.pipeline.internal.TextGenerator;
import dev.showo2.pipeline.internal.VideoInput;
import dev.showo2.sampler.TorchRandom;
import dev.showo2.sequence.internal.Segment;
import dev.showo2.sequence.internal.SequenceLayout;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.apiguardian.api.API;

/**
 * Questions and answers in turn, on images, a video or nothing (SPEC 8): {@code bos system
 * <|im_end|>}, then for each turn {@code \n<|im_start|>user\n}, the images shown with it, the
 * question, {@code \n<|im_start|>assistant\n}, the answer and {@code <|im_end|>}.
 *
 * <p>The KV cache is kept from turn to turn: nothing is encoded twice, and each turn runs the model
 * on its new tokens alone. The images that the conversation was opened with are encoded with the
 * first question.
 *
 * <p>Not thread-safe. Holds memory of the backend until it is closed, by its owner and before the
 * model.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class Conversation implements AutoCloseable {

  /** Positions that Qwen2.5 was trained for. */
  static final int MAX_POSITIONS = 32_768;

  static final Stage[] STAGES = {Stage.TEXT_EMBEDDING, Stage.BACKBONE, Stage.LANGUAGE_HEAD};

  private final LoadedModel model;
  private final Task task;
  private final ConversationOptions options;
  private final SequenceLayout layout;
  private final List<PendingVisual> pending = new ArrayList<>();
  private final AtomicBoolean busy = new AtomicBoolean();
  private int images;
  private ConversationPrefix prefix;
  // Made with the first question, so that a conversation that nobody uses costs nothing.
  private KvCache cache;
  private boolean closed;

  private Conversation(LoadedModel model, Task task, ConversationOptions options) {
    this.model = model;
    this.task = task;
    this.options = options;
    this.layout = model.layout(options.system());
    this.prefix = ConversationPrefix.opening(layout);
  }

  /** A conversation about nothing that is seen. */
  static Conversation open(LoadedModel model, Task task, ConversationOptions options) {
    Objects.requireNonNull(options, "options");
    model.require(task.toString(), STAGES);
    PromptEncoder.encodeMessage(model, "system", options.system());
    return new Conversation(model, task, options);
  }

  /** Lets the next question be about a video too. */
  void addVideo(List<BufferedImage> frames) {
    pending.add(
        new PendingVisual(
            new VideoInput(model, frames, options.latentChoice(), options.seed() + images++)));
  }

  /**
   * Shows another image: the next question comes with it.
   *
   * @param image of any size; its middle is what the model sees. Not copied; not to be written to
   *     until the next question is answered
   * @throws InvalidRequestException if there is no image
   * @throws dev.showo2.error.UnsupportedFeatureException if the backend lacks a stage
   * @throws IllegalStateException if the conversation is closed or in the middle of an answer
   */
  public void add(BufferedImage image) {
    model.require(Task.IMAGE_UNDERSTANDING.toString(), ImageUnderstanding.STAGES);
    BufferedImage present = ImageArguments.require("image", ImageArguments.single(image)).get(0);
    exclusively(
        () ->
            pending.add(
                new PendingVisual(
                    new ImageInput(
                        model, present, options.latentChoice(), options.seed() + images++))));
  }

  /**
   * Asks with {@link TextOptions#DEFAULTS}; errors as {@link #ask(String, TextOptions,
   * GenerationListener)}.
   *
   * @param question in English or Chinese, up to 4096 tokens; may be empty
   * @return the answer
   */
  public GeneratedText ask(String question) {
    return ask(question, TextOptions.DEFAULTS, GenerationListener.NONE);
  }

  /**
   * Asks a question. If it fails or is cancelled, the conversation is as it was before and may go
   * on; what was encoded for it by then is kept.
   *
   * <p>An answer that ended by its limit or a stop sequence counts as ended there by the model.
   *
   * @param question in English or Chinese, up to 4096 tokens; may be empty
   * @param options how the answer is written
   * @param listener called back with each token
   * @return the answer
   * @throws InvalidRequestException if the question is too long, or the conversation would become
   *     longer than 32,768 positions; found before any model work starts
   * @throws dev.showo2.error.BackendException if the engine fails or gives values that are not
   *     finite
   * @throws dev.showo2.error.CancelledException if the listener or an interrupt ends the request
   * @throws IllegalStateException if the conversation is closed or in the middle of an answer
   */
  public GeneratedText ask(String question, TextOptions options, GenerationListener listener) {
    Objects.requireNonNull(options, "options");
    Objects.requireNonNull(listener, "listener");
    int[] ids = PromptEncoder.encodeQuestion(model, "question", question);
    return exclusively(
        () -> {
          List<Segment> turn =
              layout.turn(prefix.next(), pending.stream().map(PendingVisual::layout).toList(), ids);
          requireRoom(turn, options.maxTokens());
          try {
            GeneratedText answer =
                RequestContext.of(
                    model,
                    task,
                    listener,
                    memory(turn, options),
                    run -> answer(turn, options, run));
            prefix = prefix.after(turn, answer, layout, model.tokenizer());
            forgetPending();
            return answer;
          } catch (RuntimeException | Error e) {
            try {
              forgetFailed();
            } catch (RuntimeException again) {
              // The next question tries again.
              e.addSuppressed(again);
            }
            throw e;
          }
        });
  }

  /**
   * Asks a question as {@link #ask(String, TextOptions, GenerationListener)} does, on the model's
   * executor. Completing the future from outside, as {@code cancel} and {@code orTimeout} do,
   * cancels the request before its next step.
   *
   * @param question in English or Chinese, up to 4096 tokens; may be empty
   * @param options how the answer is written
   * @param listener called on the executor's thread
   * @return completes with the answer, or with the exception that the blocking form throws
   */
  public CompletableFuture<GeneratedText> askAsync(
      String question, TextOptions options, GenerationListener listener) {
    return model.requests().start(listener, told -> ask(question, options, told));
  }

  private GeneratedText answer(List<Segment> turn, TextOptions options, RequestContext run) {
    if (cache == null) {
      int asked = turn.stream().mapToInt(Segment::length).sum();
      CacheRequest request =
          CacheRequest.builder(1).expectedPositions(asked + options.maxTokens()).build();
      cache = model.backend().backbone().newCache(request);
    }
    forgetFailed();
    List<Tensor> visuals = new ArrayList<>();
    pending.forEach(visual -> visuals.addAll(visual.tokens(run)));
    int eos = model.bundle().manifest().specialTokens().eos();
    return new TextGenerator(model, options, Set.of(eos))
        .generate(
            cache,
            append(turn, visuals, run),
            prefix.textsWith(turn),
            new TorchRandom(options.seed()),
            run);
  }

  private long memory(List<Segment> turn, TextOptions options) {
    int asked = turn.stream().mapToInt(Segment::length).sum();
    return RequestMemory.of(model).text((long) prefix.length() + asked + options.maxTokens());
  }

  private Tensor append(List<Segment> turn, List<Tensor> visuals, RequestContext run) {
    SegmentRunner runner = new SegmentRunner(model.backend(), 1);
    int last = turn.size() - 1;
    for (Segment segment : turn.subList(0, last)) {
      run.check();
      runner.append(cache, segment, visuals).close();
    }
    run.check();
    return runner.append(cache, turn.get(last), visuals);
  }

  private void requireRoom(List<Segment> turn, int maxTokens) {
    long asked = turn.stream().mapToLong(Segment::length).sum();
    if (prefix.length() + asked + maxTokens > MAX_POSITIONS) {
      throw new InvalidRequestException(
          "conversation: up to "
              + MAX_POSITIONS
              + " positions are taken, found "
              + prefix.length()
              + " so far, "
              + asked
              + " of the question with what it shows, and max tokens "
              + maxTokens
              + "; show or ask less at once, lower max tokens, or open another conversation");
    }
  }

  private void forgetPending() {
    pending.forEach(PendingVisual::close);
    pending.clear();
  }

  /** Frees what a question that failed left in the cache. */
  private void forgetFailed() {
    if (cache != null && cache.length() > prefix.length()) {
      cache.truncate(prefix.length());
    }
  }

  private <T> T exclusively(Supplier<T> work) {
    if (!busy.compareAndSet(false, true)) {
      throw new IllegalStateException(
          "the conversation is in the middle of an answer; it is not thread-safe");
    }
    try {
      if (closed) {
        throw new IllegalStateException("the conversation is closed");
      }
      return work.get();
    } finally {
      busy.set(false);
    }
  }

  /**
   * Frees the memory. A second call does nothing.
   *
   * @throws IllegalStateException in the middle of an answer, which is to be cancelled first
   */
  @Override
  public void close() {
    if (!closed) {
      exclusively(
          () -> {
            closed = true;
            forgetPending();
            if (cache != null) {
              cache.close();
            }
            return null;
          });
    }
  }
}
