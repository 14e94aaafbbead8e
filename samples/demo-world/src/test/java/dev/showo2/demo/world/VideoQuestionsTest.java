package dev.showo2.demo.world;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.showo2.demo.world.Attributes.Background;
import dev.showo2.demo.world.Attributes.Color;
import dev.showo2.demo.world.Attributes.Shape;
import dev.showo2.demo.world.Attributes.Size;
import dev.showo2.demo.world.Motion.Direction;
import dev.showo2.demo.world.VideoQuestions.VideoQuestion;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class VideoQuestionsTest {

  private final List<VideoQuestion> questions = VideoQuestions.questions(1, 20_000);

  @Test
  void asksInEveryFormOfTheReadme() {
    assertEquals(
        Set.of(
            "What happens in the video?",
            "Describe the video.",
            "Which direction does it move?",
            "What color is the shape?",
            "Which shape is it?",
            "视频里发生了什么?",
            "它向哪里移动?"),
        questions.stream().map(VideoQuestion::question).collect(Collectors.toSet()));
  }

  @Test
  void answersAreInTheWordsOfTheModel() {
    Motion orange =
        new Motion(Shape.CROSS, Color.ORANGE, Background.WHITE, Size.BIG, Direction.LEFT);
    Map<String, String> answers = new TreeMap<>();
    for (VideoQuestion each : questions) {
      if (each.shown().equals(orange)
          || each.shown().equals(moving(orange, Direction.UP)) && isDirection(each)) {
        answers.put(each.question() + each.shown().direction(), each.answer());
      }
    }
    Map<String, String> expected = new TreeMap<>();
    expected.put("What happens in the video?LEFT", "An orange cross moving to the left.");
    expected.put("Describe the video.LEFT", "An orange cross moving to the left.");
    expected.put("Which direction does it move?LEFT", "To the left.");
    expected.put("Which direction does it move?UP", "Up.");
    expected.put("What color is the shape?LEFT", "Orange.");
    expected.put("Which shape is it?LEFT", "A cross.");
    expected.put("视频里发生了什么?LEFT", "一个橙色十字形向左移动。");
    expected.put("它向哪里移动?LEFT", "向左。");
    expected.put("它向哪里移动?UP", "向上。");
    assertEquals(expected, answers);
  }

  private static boolean isDirection(VideoQuestion question) {
    return question.question().contains("direction") || question.question().contains("哪里");
  }

  private static Motion moving(Motion motion, Direction direction) {
    return new Motion(
        motion.shape(), motion.color(), motion.background(), motion.size(), direction);
  }

  @Test
  void theVideoShowsWhatIsAskedAbout() {
    for (VideoQuestion each : questions.subList(0, 50)) {
      assertEquals(
          Optional.of(each.shown().direction()), MotionClassifier.direction(each.frames()));
      Attributes seen = ShapeClassifier.classify(each.frames().get(4)).orElseThrow();
      assertEquals(each.shown().shape(), seen.shape());
      assertEquals(each.shown().color(), seen.color());
    }
  }

  @Test
  void theSeedDecides() {
    assertEquals(questions.subList(0, 60), VideoQuestions.questions(1, 60));
    assertNotEquals(questions.subList(0, 60), VideoQuestions.questions(2, 60));
  }

  @Test
  void countsTrueAnswers() {
    AnswerScores scores = new AnswerScores();
    VideoQuestion question = questions.get(0);
    scores.add(question, question.answer());
    scores.add(question, "Maybe.");
    assertEquals(0.5, scores.right());
    assertEquals("50.0 % of 2 answers right", scores.toString());
    assertEquals(
        List.of(question.question() + " expected: " + question.answer() + " answered: Maybe."),
        scores.misses());
  }
}
