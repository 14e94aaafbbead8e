package dev.showo2.train.data;

import org.apiguardian.api.API;

/** The kinds of problems of examples, by which they are counted. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum ExampleProblem {
  /** A line or entry is no JSON of the expected form, or lacks a field. */
  MALFORMED("malformed", true),
  /** A file that the example names does not exist. */
  MISSING_FILE("image or video file missing", true),
  /** An image or video cannot be decoded. */
  BROKEN_FILE("image or video file broken", true),
  /** An image has fewer pixels than the loader asks for. */
  TOO_SMALL("image too small", true),
  /** A caption, question or answer is blank. */
  EMPTY_TEXT("empty text", true),
  /** A turn of a conversation is from nobody known. */
  UNKNOWN_ROLE("unknown role", true),
  /** An answer does not follow a question. */
  ANSWER_WITHOUT_QUESTION("answer without a question", true),
  /** The text asks for an image that the example lacks, or for more than one. */
  IMAGE_MISMATCH("text and images do not match", true),
  /** The text contains tokens that stand for image or video. */
  RESERVED_TOKEN("text contains placeholder tokens", true),
  /** An image would be located beyond the end of the row. */
  IMAGE_CUT("image beyond the end of the row", true),
  /** The teacher has no features of the image. */
  MISSING_FEATURES("features of the image missing", true),
  /** The teacher's features of the image are not finite. */
  BROKEN_FEATURES("features of the image not finite", true),
  /** Text was cut; the row is used. */
  CUT("text cut", false),
  /** The last question has no answer and was left out; the row is used. */
  UNANSWERED("last question without an answer", false),
  /** The row has no label; it is used and counts nothing for the next-token loss. */
  NO_LABEL("row without labels", false),
  /** The row has no image; it is used and counts nothing for the flow loss. */
  NO_IMAGE("row without an image", false);

  private final String text;
  private final boolean unusable;

  ExampleProblem(String text, boolean unusable) {
    this.text = text;
    this.unusable = unusable;
  }

  /**
   * Describes the kind.
   *
   * @return a few words
   */
  public String text() {
    return text;
  }

  /**
   * Tells whether examples with this problem are left out or end the run, as opposed to ones that
   * are used and counted.
   *
   * @return true if no row is made of them
   */
  public boolean unusable() {
    return unusable;
  }
}
