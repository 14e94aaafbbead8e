package dev.showo2.backend.onnx;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.backend.onnx.ExportedModels.Models;
import dev.showo2.demo.world.AnswerScores;
import dev.showo2.demo.world.VideoQuestions;
import dev.showo2.demo.world.VideoQuestions.VideoQuestion;
import dev.showo2.pipeline.GenerationListener;
import dev.showo2.pipeline.VideoUnderstanding;
import dev.showo2.pipeline.VideoUnderstandingRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The demo model answers questions on videos as well as with the official code, which got 95.0 % of
 * these very questions right; on others that the demo's README does not list, 96.7 %.
 */
@ExtendWith(ExportedModels.class)
class DemoVideoAnswersTest {

  private static final double THREE_POINTS = 0.03;
  private static final double OFFICIAL = 0.95;
  private static final int QUESTIONS = 60;

  /** What the demo was trained with. */
  private static final int FRAMES = 8;

  @Test
  void answersAreThoseOfTheOfficialCode(Models models, TestReporter reporter) {
    AnswerScores scores = new AnswerScores();
    try (OpenBackend open = OpenBackend.open(models.bundle("demo"))) {
      VideoUnderstanding understanding = new VideoUnderstanding(open.model());
      for (VideoQuestion question : VideoQuestions.questions(3, QUESTIONS)) {
        VideoUnderstandingRequest request =
            VideoUnderstandingRequest.builder(question.frames(), question.question())
                .frameCount(FRAMES)
                .build();
        scores.add(question, understanding.ask(request, GenerationListener.NONE).text());
      }
    }
    reporter.publishEntry("answers on videos", scores + "\n" + scores.misses());
    assertTrue(scores.right() >= OFFICIAL - THREE_POINTS, scores::toString);
  }
}
