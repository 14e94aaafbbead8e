package dev.showo2.conformance.demo;

import dev.showo2.conformance.demo.Attributes.Background;
import dev.showo2.conformance.demo.Attributes.Color;
import dev.showo2.conformance.demo.Attributes.Position;
import dev.showo2.conformance.demo.Attributes.Shape;
import dev.showo2.conformance.demo.Attributes.Size;
import java.util.Random;

/** Says a {@link Mention} in Chinese, in one of the forms of the demo's README. */
final class ChinesePrompt {

  private ChinesePrompt() {}

  static String of(Mention mention, Random random) {
    StringBuilder text = new StringBuilder();
    mention.background().ifPresent(each -> text.append(word(each)).append("色背景"));
    if (mention.position().isPresent()) {
      text.append(word(mention.position().get())).append("有");
    } else if (mention.background().isPresent()) {
      // "On the background": a place of its own would be 上面, "at the top".
      text.append("上有");
    }
    text.append("一个");
    mention.size().ifPresent(each -> text.append(each == Size.SMALL ? "小" : "大"));
    text.append(word(mention.color())).append("色").append(word(mention.shape()));
    return text.append(PromptGrammar.any(random, "", "。")).toString();
  }

  static String word(Background background) {
    return switch (background) {
      case WHITE -> "白";
      case BLACK -> "黑";
      case GRAY -> "灰";
    };
  }

  static String word(Position position) {
    return switch (position) {
      case LEFT -> "左边";
      case RIGHT -> "右边";
      case TOP -> "上面";
      case BOTTOM -> "下面";
      case CENTER -> "中间";
    };
  }

  static String word(Color color) {
    return switch (color) {
      case RED -> "红";
      case GREEN -> "绿";
      case BLUE -> "蓝";
      case YELLOW -> "黄";
      case PURPLE -> "紫";
      case ORANGE -> "橙";
      case WHITE -> "白";
      case BLACK -> "黑";
    };
  }

  static String word(Shape shape) {
    return switch (shape) {
      case CIRCLE -> "圆形";
      case SQUARE -> "正方形";
      case TRIANGLE -> "三角形";
      case CROSS -> "十字形";
    };
  }
}
