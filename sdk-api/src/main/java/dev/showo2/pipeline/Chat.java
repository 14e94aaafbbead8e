package dev.showo2.pipeline;

import dev.showo2.pipeline.internal.LoadedModel;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.apiguardian.api.API;

/**
 * The pipeline that converses without images, in the layout of the understanding tasks (SPEC 8);
 * the demo checkpoint was trained so.
 *
 * <p>Thread-safe; the conversations are not.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class Chat {

  private final LoadedModel model;

  /**
   * Makes the pipeline of a model. No part of the API, as the package of its parameter says:
   * applications get the pipeline from {@code ShowO2}.
   *
   * @param model stays open while the pipeline is used
   */
  public Chat(LoadedModel model) {
    this.model = Objects.requireNonNull(model, "model");
  }

  /**
   * Answers once with the released settings: greedy, at most 300 tokens; errors as {@link
   * Conversation#ask(String, TextOptions, GenerationListener)}.
   *
   * @param question in English or Chinese, up to 4096 tokens
   * @return the answer
   */
  public GeneratedText ask(String question) {
    return ask(question, TextOptions.DEFAULTS, GenerationListener.NONE);
  }

  /**
   * Answers once; errors as {@link Conversation#ask(String, TextOptions, GenerationListener)}.
   *
   * @param question in English or Chinese, up to 4096 tokens
   * @param options how the answer is written
   * @param listener called back with each token
   * @return the answer
   */
  public GeneratedText ask(String question, TextOptions options, GenerationListener listener) {
    try (Conversation conversation = open()) {
      return conversation.ask(question, options, listener);
    }
  }

  /**
   * Answers once as {@link #ask(String, TextOptions, GenerationListener)} does, on the model's
   * executor. Completing the future from outside, as {@code cancel} and {@code orTimeout} do,
   * cancels the request before its next step.
   *
   * @param question in English or Chinese, up to 4096 tokens
   * @param options how the answer is written
   * @param listener called on the executor's thread
   * @return completes with the answer, or with the exception that the blocking form throws
   */
  public CompletableFuture<GeneratedText> askAsync(
      String question, TextOptions options, GenerationListener listener) {
    return model.requests().start(listener, told -> ask(question, options, told));
  }

  /**
   * Begins a conversation with {@link ConversationOptions#DEFAULTS}.
   *
   * @return the conversation, to be closed by the caller
   */
  public Conversation open() {
    return open(ConversationOptions.DEFAULTS);
  }

  /**
   * Begins a conversation. Images may be shown in it later.
   *
   * @param options system text and latents
   * @return the conversation, to be closed by the caller before the model
   * @throws dev.showo2.error.InvalidRequestException if the system text is too long
   * @throws dev.showo2.error.UnsupportedFeatureException if the backend lacks a stage
   */
  public Conversation open(ConversationOptions options) {
    return Conversation.open(model, Task.CHAT, options);
  }
}
