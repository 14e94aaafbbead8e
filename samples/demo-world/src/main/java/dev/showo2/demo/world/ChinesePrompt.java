package dev.showo2.demo.world;

import java.util.Random;

/** Says a {@link Mention} in Chinese, in one of the forms of the demo's README. */
final class ChinesePrompt {

  private ChinesePrompt() {}

  static String of(Mention mention, Random random) {
    return scene(mention) + Chance.any(random, "", "。");
  }

  /** Without what may stand at the end. */
  static String scene(Mention mention) {
    StringBuilder text = new StringBuilder();
    mention.background().ifPresent(each -> text.append(ChineseWords.name(each)).append("背景"));
    if (mention.position().isPresent()) {
      text.append(ChineseWords.name(mention.position().get())).append("有");
    } else if (mention.background().isPresent()) {
      // "On the background": a place of its own would be 上面, "at the top".
      text.append("上有");
    }
    return text + ChineseWords.thing(mention.size(), mention.color(), mention.shape());
  }
}
