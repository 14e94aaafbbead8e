package dev.showo2.pipeline;

import dev.showo2.error.InvalidRequestException;

/** What all prompts for pictures and videos must be. */
final class Prompts {

  private Prompts() {}

  static void requirePresent(String prompt) {
    if (prompt == null) {
      throw new InvalidRequestException("prompt: text is needed, found null; it may be empty");
    }
  }

  /**
   * @throws InvalidRequestException if the prompt has more tokens than the model takes
   */
  static int[] encode(LoadedModel model, String prompt) {
    return encode(model, "prompt", prompt);
  }

  /**
   * @param name of the argument
   * @throws InvalidRequestException as {@link #encode(LoadedModel, String)}
   */
  static int[] encode(LoadedModel model, String name, String prompt) {
    int limit = model.bundle().manifest().defaults().maxPromptTokens();
    int[] ids = model.tokenizer().encode(prompt);
    if (ids.length > limit) {
      throw new InvalidRequestException(
          name
              + ": this model takes up to "
              + limit
              + " tokens, found "
              + ids.length
              + "; shorten it");
    }
    return ids;
  }
}
