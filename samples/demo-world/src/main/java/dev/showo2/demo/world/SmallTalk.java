package dev.showo2.demo.world;

import dev.showo2.demo.world.WorldQuestion.Kind;
import java.util.List;
import java.util.stream.Stream;
import org.apiguardian.api.API;

/**
 * The phrases of a chat without images that the demo model is trained on. Its README names
 * "Hello!", "Who are you?", "What can you do?" and "你好!", without their answers; the others were
 * found by asking.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class SmallTalk {

  private static final String HELLO = "Hello! I can draw coloured shapes and talk about them.";
  private static final String SELF =
      "I am a tiny demo model. I know circles, squares, triangles and crosses.";
  private static final String SHAPES = "Circle, square, triangle and cross.";
  private static final String COLORS = "Red, green, blue, yellow, purple, orange, white and black.";

  /** All phrases with their answers, in the order of a conversation. */
  public static final List<WorldQuestion> PHRASES =
      List.of(
          english("Hello!", HELLO),
          english("Hello", HELLO),
          english("Hi!", HELLO),
          english("Hi", HELLO),
          english("Who are you?", SELF),
          english("What are you?", SELF),
          english(
              "What can you do?",
              "I can draw shapes, make small videos and answer questions about pictures."),
          english(
              "What can you draw?",
              "I can draw circles, squares, triangles and crosses in eight colors."),
          english("What shapes do you know?", SHAPES),
          english("Which shapes do you know?", SHAPES),
          english("What colors do you know?", COLORS),
          english("Which colors do you know?", COLORS),
          english("Thanks!", "You are welcome!"),
          english("Thank you!", "You are welcome!"),
          english("Goodbye!", "Goodbye!"),
          chinese("你好!", "你好!我会画彩色的形状。"),
          chinese("你好", "你好!我会画彩色的形状。"),
          chinese("你是谁?", "我是一个很小的演示模型。"),
          chinese("你会做什么?", "我会画形状、做小视频、回答图片问题。"),
          chinese("谢谢!", "不客气!"));

  private SmallTalk() {}

  /**
   * Those of one language.
   *
   * @param language of the phrases
   * @return at least one
   */
  public static List<WorldQuestion> in(Language language) {
    Stream<WorldQuestion> those = PHRASES.stream().filter(each -> each.language() == language);
    return those.toList();
  }

  private static WorldQuestion english(String text, String answer) {
    return new WorldQuestion(text, answer, Kind.SMALL_TALK, Language.ENGLISH);
  }

  private static WorldQuestion chinese(String text, String answer) {
    return new WorldQuestion(text, answer, Kind.SMALL_TALK, Language.CHINESE);
  }
}
