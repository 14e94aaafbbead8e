package dev.showo2.text;

import org.apiguardian.api.API;

/**
 * Treatment of control tokens that are spelled out in the texts of a request, such as {@code
 * <|im_end|>} or {@code <|vision_start|>}. Recognized, they end a turn or open an image as those do
 * that the SDK puts around a text; so a text from somebody else can leave its turn and speak for
 * the system or the model. As text they are characters like others.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public enum ControlTokens {

  /**
   * Text in questions, which come from users; recognized in system messages, in answers to be
   * scored and in the prompts of images, videos and stories, which the official code tokenizes so.
   * The default.
   */
  TEXT_IN_QUESTIONS,

  /** Text everywhere. For services whose users write prompts and system messages too. */
  TEXT,

  /** Recognized everywhere, as in the official code. */
  RECOGNIZED
}
