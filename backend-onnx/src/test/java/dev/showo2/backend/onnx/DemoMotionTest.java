package dev.showo2.backend.onnx;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.backend.onnx.ExportedModels.Models;
import dev.showo2.demo.world.Clip;
import dev.showo2.demo.world.MotionGrammar;
import dev.showo2.demo.world.MotionGrammar.MotionPrompt;
import dev.showo2.demo.world.MotionScores;
import dev.showo2.media.video.FrameSink;
import dev.showo2.pipeline.ImageToVideo;
import dev.showo2.pipeline.ImageToVideoRequest;
import dev.showo2.pipeline.TextToVideo;
import dev.showo2.pipeline.TextToVideoRequest;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The demo model's videos move, begin and end as those of the official code do.
 *
 * <p>The official figures were measured with the official code on the same prompts, the same first
 * frames and the same noise, at 20 points and guidance 3.5, and judged by the same {@link
 * MotionScores}. The README's are for prompts that it does not list, at 50 points, and judged by a
 * checker of its own: they stand beside for comparison. Every build makes the first eight videos of
 * each kind, of which at most one may be worse than in the run whose figures for all 32 were the
 * official ones; the profile {@code measurement} makes all.
 */
@ExtendWith(ExportedModels.class)
class DemoMotionTest {

  private static final double THREE_POINTS = 0.03;
  private static final double DECIBELS = 0.1;
  private static final double ONE_OF_FEW = 1.0 / 8;
  private static final int COUNT = 32;

  /** The first of them, in every build. */
  private static final int FEW = 8;

  private static final int STEPS = 20;
  private static final int FIRST_SEED_OF_TEXT = 6000;
  private static final int FIRST_SEED_OF_IMAGE = 7000;

  /** Shares from 0 to 1; decibels, or not a number where no first frame is given. */
  private record Figures(
      double direction,
      double shapeOfFirst,
      double shapeOfLast,
      double colorOfFirst,
      double colorOfLast,
      double firstKept) {

    static Figures of(MotionScores scores) {
      return new Figures(
          scores.direction(),
          scores.shapeOfFirst(),
          scores.shapeOfLast(),
          scores.colorOfFirst(),
          scores.colorOfLast(),
          scores.firstFrameKept());
    }

    String row(String name) {
      return String.format(
          Locale.ROOT,
          "%n%-8s %9.1f %11.1f / %5.1f %12.1f / %5.1f %9s",
          name,
          100 * direction,
          100 * shapeOfFirst,
          100 * shapeOfLast,
          100 * colorOfFirst,
          100 * colorOfLast,
          Double.isNaN(firstKept) ? "-" : String.format(Locale.ROOT, "%.1f", firstKept));
    }
  }

  /**
   * The README's figures, those of the official code on the prompts of this test, and the first
   * eight's.
   */
  private enum Task {
    TEXT_TO_VIDEO(
        new Figures(0.625, 0.4375, 0.2812, 0.75, 0.7812, Double.NaN),
        new Figures(21 / 32.0, 11 / 32.0, 12 / 32.0, 29 / 32.0, 27 / 32.0, Double.NaN),
        new Figures(6 / 8.0, 3 / 8.0, 2 / 8.0, 7 / 8.0, 7 / 8.0, Double.NaN)),
    IMAGE_TO_VIDEO(
        new Figures(0.8125, 0.625, 0.2188, 1, 0.8125, 32.7),
        new Figures(27 / 32.0, 1, 15 / 32.0, 1, 1, 31.2),
        new Figures(1, 1, 6 / 8.0, 1, 1, 31.0));

    private final Figures readme;
    private final Figures official;
    private final Figures few;

    Task(Figures readme, Figures official, Figures few) {
      this.readme = readme;
      this.official = official;
      this.few = few;
    }
  }

  @Test
  void aFewVideosFromTextMoveAsTheyShould(Models models, TestReporter reporter) {
    requireFew(Task.TEXT_TO_VIDEO, fromText(models, FEW), reporter);
  }

  @Test
  void aFewVideosFromImagesMoveAsTheyShouldAndKeepTheImage(Models models, TestReporter reporter) {
    requireFew(Task.IMAGE_TO_VIDEO, fromImages(models, FEW), reporter);
  }

  @Tag("measurement")
  @Test
  void videosFromTextMoveAsTheyShould(Models models, TestReporter reporter) {
    requireAll(Task.TEXT_TO_VIDEO, fromText(models, COUNT), reporter);
  }

  @Tag("measurement")
  @Test
  void videosFromImagesMoveAsTheyShouldAndKeepTheImage(Models models, TestReporter reporter) {
    requireAll(Task.IMAGE_TO_VIDEO, fromImages(models, COUNT), reporter);
  }

  private static Figures fromText(Models models, int count) {
    MotionScores scores = new MotionScores();
    try (OpenBackend open = OpenBackend.open(models.bundle("demo"))) {
      TextToVideo textToVideo = new TextToVideo(open.model());
      List<MotionPrompt> prompts = MotionGrammar.prompts(1, COUNT);
      for (int i = 0; i < count; i++) {
        List<BufferedImage> frames = new ArrayList<>();
        textToVideo.generate(
            TextToVideoRequest.builder(prompts.get(i).text())
                .seed(FIRST_SEED_OF_TEXT + i)
                .steps(STEPS)
                .build(),
            FrameSink.into(frames));
        scores.add(prompts.get(i), frames);
      }
    }
    return Figures.of(scores);
  }

  private static Figures fromImages(Models models, int count) {
    MotionScores scores = new MotionScores();
    try (OpenBackend open = OpenBackend.open(models.bundle("demo"))) {
      ImageToVideo imageToVideo = new ImageToVideo(open.model());
      List<MotionPrompt> prompts = MotionGrammar.prompts(2, COUNT);
      for (int i = 0; i < count; i++) {
        long seed = FIRST_SEED_OF_IMAGE + i;
        BufferedImage given = Clip.frames(prompts.get(i).expected(), seed).get(0);
        List<BufferedImage> frames = new ArrayList<>();
        imageToVideo.generate(
            ImageToVideoRequest.builder(given, prompts.get(i).text())
                .seed(seed)
                .steps(STEPS)
                .build(),
            FrameSink.into(frames));
        scores.add(prompts.get(i), frames, given);
      }
    }
    return Figures.of(scores);
  }

  private static void requireAll(Task task, Figures here, TestReporter reporter) {
    require(task, task.official, THREE_POINTS, here, reporter);
  }

  private static void requireFew(Task task, Figures here, TestReporter reporter) {
    require(task, task.few, ONE_OF_FEW, here, reporter);
  }

  private static void require(
      Task task, Figures least, double allowed, Figures here, TestReporter reporter) {
    String table =
        "%n         direction  shape first/last  color first/last   kept dB".formatted()
            + task.readme.row("README")
            + task.official.row("official")
            + least.row("expected")
            + here.row("here");
    reporter.publishEntry(task.name(), table);
    assertTrue(here.direction >= least.direction - allowed, table);
    assertTrue(here.shapeOfFirst >= least.shapeOfFirst - allowed, table);
    assertTrue(here.shapeOfLast >= least.shapeOfLast - allowed, table);
    assertTrue(here.colorOfFirst >= least.colorOfFirst - allowed, table);
    assertTrue(here.colorOfLast >= least.colorOfLast - allowed, table);
    assertTrue(task == Task.TEXT_TO_VIDEO || here.firstKept >= least.firstKept - DECIBELS, table);
  }
}
