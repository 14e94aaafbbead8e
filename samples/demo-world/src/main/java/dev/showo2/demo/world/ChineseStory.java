package dev.showo2.demo.world;

import java.util.List;

/** Says a story's prompt and texts in Chinese, in the forms of the demo's README and like ones. */
final class ChineseStory {

  private ChineseStory() {}

  static String prompt(Mention mention, List<StoryChange> changes) {
    StringBuilder text = new StringBuilder("画").append(ChinesePrompt.scene(mention));
    changes.forEach(each -> text.append(",然后把").append(wish(each)));
    return text.append("。").toString();
  }

  private static String wish(StoryChange change) {
    Attributes to = change.to();
    return switch (change.attribute()) {
      case SHAPE -> "它变成" + ChineseWords.name(to.shape());
      case COLOR -> "它变成" + ChineseWords.name(to.color());
      case BACKGROUND -> "背景变成" + ChineseWords.name(to.background());
      case SIZE -> "它变" + ChineseWords.name(to.size());
      case POSITION -> "它移到" + ChineseWords.name(to.position());
    };
  }

  static String beginning(Mention mention) {
    return " 这是" + ChineseWords.thing(mention.size(), mention.color(), mention.shape()) + "。";
  }

  static String telling(StoryChange change) {
    Attributes to = change.to();
    return switch (change.attribute()) {
          case SHAPE -> "现在它是" + ChineseWords.name(to.shape());
          case COLOR -> "现在它是" + ChineseWords.name(to.color());
          case BACKGROUND -> "现在背景是" + ChineseWords.name(to.background());
          case SIZE -> "现在它很" + ChineseWords.name(to.size());
          case POSITION -> "现在它在" + ChineseWords.name(to.position());
        }
        + "。";
  }
}
