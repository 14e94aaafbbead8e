package dev.showo2.pipeline;

import dev.showo2.pipeline.internal.LoadedModel;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * Talks without images, in the layout of the understanding tasks (SPEC 8) with nothing to see; the
 * demo checkpoint was trained so.
 *
 * <p>Thread-safe, each with conversations of its own.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Chat {

  private final LoadedModel model;

  public Chat(LoadedModel model) {
    this.model = Objects.requireNonNull(model, "model");
  }

  /** Answers once with the released settings: greedy, at most 300 tokens. */
  public GeneratedText ask(String question) {
    return ask(question, TextOptions.DEFAULTS, GenerationListener.NONE);
  }

  /** Answers once; parameters and errors as {@link Conversation#ask}. */
  public GeneratedText ask(String question, TextOptions options, GenerationListener listener) {
    try (Conversation conversation = open()) {
      return conversation.ask(question, options, listener);
    }
  }

  /** Begins a conversation with {@link ConversationOptions#DEFAULTS}. */
  public Conversation open() {
    return open(ConversationOptions.DEFAULTS);
  }

  /**
   * Begins a conversation. ImageArguments may be shown in it later.
   *
   * @throws dev.showo2.error.InvalidRequestException if the system text is too long
   * @throws dev.showo2.error.UnsupportedFeatureException if the backend lacks a stage
   */
  public Conversation open(ConversationOptions options) {
    return Conversation.open(model, Task.CHAT, options);
  }
}
