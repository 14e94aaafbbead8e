package dev.showo2.pipeline.internal;

import dev.showo2.error.InvalidRequestException;
import org.apiguardian.api.API;

/** What all texts for a model must be. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class PromptEncoder {

  /** Of what is said in a conversation. Far more than anyone says; bounds memory. */
  private static final int MAX_MESSAGE_TOKENS = 4096;

  /** So that a text of any size is refused before it is tokenized. */
  private static final int MAX_CHARACTERS = 1 << 20;

  private PromptEncoder() {}

  /**
   * @param name of the argument
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
   * What an image, video or story is made from.
   *
   * @param name of the argument
   * @throws InvalidRequestException if it is too long for the model
   */
  public static int[] encodePrompt(LoadedModel model, String name, String text) {
    int limit = model.bundle().manifest().defaults().maxPromptTokens();
    int[] ids = encode(model, name, text);
    if (ids.length > limit) {
      throw tooLong(name, "this model takes up to " + limit + " tokens", ids.length);
    }
    return ids;
  }

  /**
   * What stands in a conversation, such as a question.
   *
   * @param name of the argument
   * @throws InvalidRequestException if it is too long
   */
  public static int[] encodeMessage(LoadedModel model, String name, String text) {
    int[] ids = encode(model, name, text);
    if (ids.length > MAX_MESSAGE_TOKENS) {
      throw tooLong(name, "up to " + MAX_MESSAGE_TOKENS + " tokens are taken", ids.length);
    }
    return ids;
  }

  private static int[] encode(LoadedModel model, String name, String text) {
    requirePresent(name, text);
    return model.tokenizer().encode(text);
  }

  private static InvalidRequestException tooLong(String name, String limit, int found) {
    return new InvalidRequestException(name + ": " + limit + ", found " + found + "; shorten it");
  }
}
