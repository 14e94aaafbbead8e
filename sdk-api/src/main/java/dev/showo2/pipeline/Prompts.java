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
    int limit = model.bundle().manifest().defaults().maxPromptTokens();
    int[] ids = model.tokenizer().encode(prompt);
    if (ids.length > limit) {
      throw new InvalidRequestException(
          "prompt: this model takes up to "
              + limit
              + " tokens, found "
              + ids.length
              + "; shorten the prompt");
    }
    return ids;
  }
}
