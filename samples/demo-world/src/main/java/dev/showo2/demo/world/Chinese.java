package dev.showo2.demo.world;

import dev.showo2.demo.world.Attributes.Background;
import dev.showo2.demo.world.Attributes.Color;
import dev.showo2.demo.world.Attributes.Position;
import dev.showo2.demo.world.Attributes.Shape;
import dev.showo2.demo.world.Attributes.Size;
import dev.showo2.demo.world.Motion.Direction;
import dev.showo2.demo.world.StoryGrammar.StoryChange;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * The Chinese of the demo model: the names of its world, prompts for images, prompts and texts of
 * stories, in the forms of the demo's README and like ones.
 */
final class Chinese {

  private Chinese() {}

  /** As in "a small red circle". */
  static String thing(Optional<Size> size, Color color, Shape shape) {
    return "一个" + size.map(Chinese::name).orElse("") + name(color) + name(shape);
  }

  static String name(Size size) {
    return size == Size.SMALL ? "小" : "大";
  }

  static String name(Background background) {
    return switch (background) {
      case WHITE -> "白色";
      case BLACK -> "黑色";
      case GRAY -> "灰色";
    };
  }

  static String name(Position position) {
    return switch (position) {
      case LEFT -> "左边";
      case RIGHT -> "右边";
      case TOP -> "上面";
      case BOTTOM -> "下面";
      case CENTER -> "中间";
    };
  }

  static String name(Color color) {
    return switch (color) {
      case RED -> "红色";
      case GREEN -> "绿色";
      case BLUE -> "蓝色";
      case YELLOW -> "黄色";
      case PURPLE -> "紫色";
      case ORANGE -> "橙色";
      case WHITE -> "白色";
      case BLACK -> "黑色";
    };
  }

  static String name(Shape shape) {
    return switch (shape) {
      case CIRCLE -> "圆形";
      case SQUARE -> "正方形";
      case TRIANGLE -> "三角形";
      case CROSS -> "十字形";
    };
  }

  static String way(Direction direction) {
    return switch (direction) {
      case RIGHT -> "向右";
      case LEFT -> "向左";
      case UP -> "向上";
      case DOWN -> "向下";
    };
  }

  static String prompt(Mention mention, Random random) {
    return scene(mention) + Chance.any(random, "", "。");
  }

  /** Without what may stand at the end. */
  static String scene(Mention mention) {
    StringBuilder text = new StringBuilder();
    mention.background().ifPresent(each -> text.append(name(each)).append("背景"));
    if (mention.position().isPresent()) {
      text.append(name(mention.position().get())).append("有");
    } else if (mention.background().isPresent()) {
      // "On the background": a place of its own would be 上面, "at the top".
      text.append("上有");
    }
    return text + thing(mention.size(), mention.color(), mention.shape());
  }

  static String storyPrompt(Mention mention, List<StoryChange> changes) {
    StringBuilder text = new StringBuilder("画").append(scene(mention));
    changes.forEach(each -> text.append(",然后把").append(wish(each)));
    return text.append("。").toString();
  }

  private static String wish(StoryChange change) {
    Attributes to = change.to();
    return switch (change.attribute()) {
      case SHAPE -> "它变成" + name(to.shape());
      case COLOR -> "它变成" + name(to.color());
      case BACKGROUND -> "背景变成" + name(to.background());
      case SIZE -> "它变" + name(to.size());
      case POSITION -> "它移到" + name(to.position());
    };
  }

  static String beginning(Mention mention) {
    return " 这是" + thing(mention.size(), mention.color(), mention.shape()) + "。";
  }

  static String telling(StoryChange change) {
    Attributes to = change.to();
    return switch (change.attribute()) {
          case SHAPE -> "现在它是" + name(to.shape());
          case COLOR -> "现在它是" + name(to.color());
          case BACKGROUND -> "现在背景是" + name(to.background());
          case SIZE -> "现在它很" + name(to.size());
          case POSITION -> "现在它在" + name(to.position());
        }
        + "。";
  }
}
