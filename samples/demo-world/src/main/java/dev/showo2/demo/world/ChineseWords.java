package dev.showo2.demo.world;

import dev.showo2.demo.world.Attributes.Background;
import dev.showo2.demo.world.Attributes.Color;
import dev.showo2.demo.world.Attributes.Position;
import dev.showo2.demo.world.Attributes.Shape;
import dev.showo2.demo.world.Attributes.Size;
import java.util.Optional;

/** What the demo model's Chinese calls the things of its world. */
final class ChineseWords {

  private ChineseWords() {}

  /** As in "a small red circle". */
  static String thing(Optional<Size> size, Color color, Shape shape) {
    return "一个" + size.map(ChineseWords::name).orElse("") + name(color) + name(shape);
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
}
