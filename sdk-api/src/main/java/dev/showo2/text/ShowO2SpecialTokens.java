package dev.showo2.text;

import dev.showo2.model.SpecialTokens;
import java.util.List;
import java.util.function.ToIntFunction;

/** The special tokens of Show-o2 (SPEC 8). */
final class ShowO2SpecialTokens {

  /**
   * The tokens that are added on loading, in this order, with the next free ids. As in the released
   * code only {@code [PAD]} is special, that is, left out by a decoder that skips special tokens.
   */
  static final List<Addition> ADDITIONS =
      List.of(
          new Addition("[PAD]", true),
          new Addition("<image>", false),
          new Addition("<|vid_start|>", false),
          new Addition("<|vid_end|>", false));

  record Addition(String content, boolean special) {}

  private ShowO2SpecialTokens() {}

  static SpecialTokens resolve(ToIntFunction<String> id) {
    return new SpecialTokens(
        id.applyAsInt("<|im_start|>"),
        id.applyAsInt("<|im_end|>"),
        id.applyAsInt("<|vision_start|>"),
        id.applyAsInt("<|vision_end|>"),
        id.applyAsInt("<|vid_start|>"),
        id.applyAsInt("<|vid_end|>"),
        id.applyAsInt("<|image_pad|>"),
        id.applyAsInt("<|video_pad|>"),
        id.applyAsInt("[PAD]"));
  }
}
