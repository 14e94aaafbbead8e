package dev.showo2.pipeline.internal;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.text.ControlTokens;
import dev.showo2.text.TextTokenizer;
import org.apiguardian.api.API;

/** Validates and tokenizes the texts of requests. Stateless and thread-safe. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class PromptEncoder {

  /** The longest message of a conversation; bounds memory. */
  private static final int MAX_MESSAGE_TOKENS = 4096;

  /** The longest text; a longer one is refused before it is tokenized. */
  private static final int MAX_CHARACTERS = 1 << 20;

  private PromptEncoder() {}

  /**
   * Validates a text.
   *
   * @param name of the argument, for messages
   * @param text may be empty, but not null
   * @throws InvalidRequestException if there is no text, or it has too many characters
   */
  public static void requirePresent(String name, String text) {
    if (text == null) {
      throw new InvalidRequestException(name + ": text is needed, found null; it may be empty");
    }
    if (text.length() > MAX_CHARACTERS) {
      throw tooLong(name, "up to " + MAX_CHARACTERS + " characters are taken", text.length());
    }
  }

  /**
   * Encodes the prompt of an image, video or story.
   *
   * @param model that defines the longest prompt
   * @param name of the argument, for messages
   * @param text may be empty
   * @return token ids
   * @throws InvalidRequestException if it is too long for the model
   */
  public static int[] encodePrompt(LoadedModel model, String name, String text) {
    int limit = model.bundle().manifest().defaults().maxPromptTokens();
    int[] ids = encode(model, name, text, model.controlTokens() == ControlTokens.TEXT);
    if (ids.length > limit) {
      throw tooLong(name, "this model takes up to " + limit + " tokens", ids.length);
    }
    return ids;
  }

  /**
   * Encodes a question, which comes from a user.
   *
   * @param model of the conversation
   * @param name of the argument, for messages
   * @param text may be empty
   * @return token ids
   * @throws InvalidRequestException if it is too long
   */
  public static int[] encodeQuestion(LoadedModel model, String name, String text) {
    return encodeMessage(model, name, text, model.controlTokens() != ControlTokens.RECOGNIZED);
  }

  /**
   * Encodes a message of a conversation that the application writes, such as the system's.
   *
   * @param model of the conversation
   * @param name of the argument, for messages
   * @param text may be empty
   * @return token ids
   * @throws InvalidRequestException if it is too long
   */
  public static int[] encodeMessage(LoadedModel model, String name, String text) {
    return encodeMessage(model, name, text, model.controlTokens() == ControlTokens.TEXT);
  }

  private static int[] encodeMessage(LoadedModel model, String name, String text, boolean plain) {
    int[] ids = encode(model, name, text, plain);
    if (ids.length > MAX_MESSAGE_TOKENS) {
      throw tooLong(name, "up to " + MAX_MESSAGE_TOKENS + " tokens are taken", ids.length);
    }
    return ids;
  }

  private static int[] encode(LoadedModel model, String name, String text, boolean plain) {
    requirePresent(name, text);
    TextTokenizer tokenizer = model.tokenizer();
    return plain ? tokenizer.encodePlain(text) : tokenizer.encode(text);
  }

  private static InvalidRequestException tooLong(String name, String limit, int found) {
    return new InvalidRequestException(name + ": " + limit + ", found " + found + "; shorten it");
  }
}
