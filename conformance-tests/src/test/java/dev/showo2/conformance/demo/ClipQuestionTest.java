package dev.showo2.conformance.demo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ClipQuestionTest {

  @Test
  void theShapeMovesThreePixelsAFrame() {
    Random random = new Random(1);
    for (int round = 0; round < 20; round++) {
      Clip clip = Clip.random(random);
      assertEquals(9, clip.frames().size());
      double[] first = center(clip.frames().get(3));
      double[] second = center(clip.frames().get(4));
      double right = second[0] - first[0];
      double down = second[1] - first[1];
      switch (clip.direction()) {
        case RIGHT -> assertArrayEquals(new double[] {3, 0}, new double[] {right, down}, 0.1);
        case LEFT -> assertArrayEquals(new double[] {-3, 0}, new double[] {right, down}, 0.1);
        case UP -> assertArrayEquals(new double[] {0, -3}, new double[] {right, down}, 0.1);
        case DOWN -> assertArrayEquals(new double[] {0, 3}, new double[] {right, down}, 0.1);
      }
    }
  }

  @Test
  void questionsAreThoseOfTheReadmeAndTheSameForOneSeed() {
    List<ClipQuestion> questions = ClipQuestion.random(5, 14);
    assertEquals(
        List.of(
            "Describe the video.",
            "What color is the shape?",
            "What happens in the video?",
            "Which direction does it move?",
            "Which shape is it?",
            "它向哪里移动?",
            "视频里发生了什么?"),
        List.copyOf(new TreeSet<>(questions.stream().map(ClipQuestion::question).toList())));
    assertEquals(
        questions.stream().map(ClipQuestion::answer).toList(),
        ClipQuestion.random(5, 14).stream().map(ClipQuestion::answer).toList());
    assertEquals(8, questions.stream().filter(ClipQuestion::namesShape).count());
  }

  /** Of the pixels that differ from the corner, weighted by how much. */
  private static double[] center(BufferedImage frame) {
    int background = green(frame.getRGB(0, 0)) + red(frame.getRGB(0, 0));
    double[] sums = new double[3];
    IntStream.range(0, frame.getWidth() * frame.getHeight())
        .forEach(
            i -> {
              int x = i % frame.getWidth();
              int y = i / frame.getWidth();
              int rgb = frame.getRGB(x, y);
              double weight = Math.abs(green(rgb) + red(rgb) - background);
              sums[0] += weight * x;
              sums[1] += weight * y;
              sums[2] += weight;
            });
    return new double[] {sums[0] / sums[2], sums[1] / sums[2]};
  }

  private static int red(int rgb) {
    return rgb >> 16 & 0xff;
  }

  private static int green(int rgb) {
    return rgb >> 8 & 0xff;
  }
}
