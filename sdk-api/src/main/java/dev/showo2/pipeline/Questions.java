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
    if (question == null) {
      throw new InvalidRequestException("question: text is needed, found null; it may be empty");
    }
    if (question.length() > MAX_CHARACTERS) {
      throw tooLong(MAX_CHARACTERS, question.length(), "characters");
    }
  }

  /**
   * @throws InvalidRequestException if the question is too long
   */
  static int[] encode(LoadedModel model, String question) {
    requirePresent(question);
    int[] ids = model.tokenizer().encode(question);
    if (ids.length > MAX_TOKENS) {
      throw tooLong(MAX_TOKENS, ids.length, "tokens");
    }
    return ids;
  }

  private static InvalidRequestException tooLong(int limit, int found, String unit) {
    return new InvalidRequestException(
        "question: up to " + limit + " " + unit + " are taken, found " + found + "; shorten it");
  }
}
