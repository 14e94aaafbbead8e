package dev.showo2.pipeline;

import dev.showo2.error.InvalidRequestException;

/** What all questions must be. */
final class Questions {

  /** Far more than anyone asks; bounds the memory of one segment. */
  static final int MAX_TOKENS = 4096;

  /** So that a text of any size is refused before it is tokenised. */
  static final int MAX_CHARACTERS = 1 << 20;

  private Questions() {}

  /**
   * @throws InvalidRequestException if there is no question, or it has too many characters
   */
  static void requirePresent(String question) {
    requirePresent("question", question);
  }

  static void requirePresent(String name, String text) {
    if (text == null) {
      throw new InvalidRequestException(name + ": text is needed, found null; it may be empty");
    }
    if (text.length() > MAX_CHARACTERS) {
      throw tooLong(name, MAX_CHARACTERS, text.length(), "characters");
    }
  }

  /**
   * @throws InvalidRequestException if the question is too long
   */
  static int[] encode(LoadedModel model, String question) {
    return encode(model, "question", question);
  }

  /**
   * The same for other texts that stand in a conversation.
   *
   * @param name of the argument
   */
  static int[] encode(LoadedModel model, String name, String text) {
    requirePresent(name, text);
    int[] ids = model.tokenizer().encode(text);
    if (ids.length > MAX_TOKENS) {
      throw tooLong(name, MAX_TOKENS, ids.length, "tokens");
    }
    return ids;
  }

  private static InvalidRequestException tooLong(String name, int limit, int found, String unit) {
    return new InvalidRequestException(
        name + ": up to " + limit + " " + unit + " are taken, found " + found + "; shorten it");
  }
}
