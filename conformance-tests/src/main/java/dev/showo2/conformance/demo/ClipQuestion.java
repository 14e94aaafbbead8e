package dev.showo2.conformance.demo;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.apiguardian.api.API;

/**
 * A question about a clip, of those that the demo's README lists.
 *
 * @param frames 9 of them
 * @param answer the true one, in the words that the model was trained on
 * @param namesShape whether the answer names the shape; the others name its colour or direction
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public record ClipQuestion(
    List<BufferedImage> frames, String question, String answer, boolean namesShape) {

  /** As many questions, each on a clip of its own; the same seed gives the same ones. */
  public static List<ClipQuestion> random(long seed, int count) {
    Random random = new Random(seed);
    List<ClipQuestion> questions = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      questions.add(of(Clip.random(random), i));
    }
    return questions;
  }

  private static ClipQuestion of(Clip clip, int index) {
    String color = clip.color().name().toLowerCase(Locale.ROOT);
    String shape = clip.shape().name().toLowerCase(Locale.ROOT);
    String english = (color.startsWith("o") ? "An " : "A ") + color + " " + shape + " moving ";
    String chinese =
        "一个" + ChinesePrompt.word(clip.color()) + "色" + ChinesePrompt.word(clip.shape());
    return switch (index % 7) {
      case 0 -> naming(clip, "What happens in the video?", english + way(clip) + ".");
      case 1 -> naming(clip, "Describe the video.", english + way(clip) + ".");
      case 2 -> plain(clip, "Which direction does it move?", capital(way(clip)) + ".");
      case 3 -> plain(clip, "What color is the shape?", capital(color) + ".");
      case 4 -> naming(clip, "Which shape is it?", "A " + shape + ".");
      case 5 -> naming(clip, "视频里发生了什么?", chinese + "向" + chineseWay(clip) + "移动。");
      default -> plain(clip, "它向哪里移动?", "向" + chineseWay(clip) + "。");
    };
  }

  private static ClipQuestion naming(Clip clip, String question, String answer) {
    return new ClipQuestion(clip.frames(), question, answer, true);
  }

  private static ClipQuestion plain(Clip clip, String question, String answer) {
    return new ClipQuestion(clip.frames(), question, answer, false);
  }

  private static String way(Clip clip) {
    String name = clip.direction().name().toLowerCase(Locale.ROOT);
    return clip.direction().sideways() ? "to the " + name : name;
  }

  private static String chineseWay(Clip clip) {
    return switch (clip.direction()) {
      case RIGHT -> "右";
      case LEFT -> "左";
      case UP -> "上";
      case DOWN -> "下";
    };
  }

  private static String capital(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }
}
