package dev.showo2.samples.embedding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.ShowO2;
import dev.showo2.media.video.VideoReader;
import dev.showo2.pipeline.GeneratedImage;
import dev.showo2.pipeline.GeneratedStory;
import dev.showo2.pipeline.ScoredImage;
import dev.showo2.samples.testing.TestCache;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each of the samples does what it says, on the demo model. */
class EveryTaskTest {

  private static ShowO2 model;
  private static EveryTask tasks;

  @TempDir private Path folder;

  @BeforeAll
  static void open() throws IOException {
    model = ShowO2.open(TestCache.bundle());
    tasks = new EveryTask(model);
  }

  @AfterAll
  static void close() {
    model.close();
  }

  @Test
  void imagesOfOnePromptDiffer() {
    List<GeneratedImage> images = tasks.images("a red circle", 2);
    assertEquals(List.of(1L, 2L), images.stream().map(GeneratedImage::seed).toList());
    assertTrue(!images.get(0).latents().equals(images.get(1).latents()), "twice the same");
    assertEquals("A red circle.", describe(images.get(0).image()));
  }

  @Test
  void theBestShowsThePrompt() {
    ScoredImage best = tasks.best("a green triangle");
    assertEquals("A green triangle.", describe(best.image().image()));
  }

  @Test
  void imagesAreChangedWhereTheMaskIsWhite() {
    BufferedImage image = tasks.images("a red circle", 1).get(0).image();
    BufferedImage mask = new BufferedImage(64, 64, BufferedImage.TYPE_BYTE_GRAY);
    Graphics2D graphics = mask.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 32, 64, 32);
    graphics.dispose();
    BufferedImage changed = tasks.inpaint(image, mask, "a blue circle");
    assertEquals(image.getRGB(32, 20), changed.getRGB(32, 20));
    assertTrue(image.getRGB(32, 44) != changed.getRGB(32, 44), "nothing changed");
  }

  @Test
  void imagesAreContinued() {
    BufferedImage image = tasks.images("a red circle", 1).get(0).image();
    BufferedImage continued = tasks.outpaint(image, "a small red circle");
    assertEquals(64, continued.getWidth());
    assertEquals("A red circle.", describe(continued));
  }

  @Test
  void videosAreWrittenReadBackAndAskedAbout() {
    Path file = folder.resolve("circle.mp4");
    tasks.video("a red circle moving to the right.", file);
    assertEquals(9, VideoReader.sample(file, 9).size());
    assertEquals("Red.", tasks.askAbout(file, 8, "What color is the shape?"));
    // What it answers depends on rounding: a third of this model's videos move another way.
    assertTrue(
        List.of("To the right.", "To the left.", "Up.", "Down.")
            .contains(tasks.askAbout(file, 8, "Which direction does it move?")));
  }

  @Test
  void imagesAreSetInMotion() {
    BufferedImage image = tasks.images("a blue square at the left", 1).get(0).image();
    Path file = folder.resolve("square.gif");
    tasks.animate(image, "a blue square moving to the right.", file);
    assertEquals(9, VideoReader.sample(file, 9).size());
    assertEquals("Blue.", tasks.askAbout(file, 8, "What color is the shape?"));
  }

  @Test
  void twoQuestionsAreAnswered() {
    BufferedImage image = tasks.images("a red circle", 1).get(0).image();
    assertEquals(
        List.of("A red circle.", "Red."),
        tasks.converse(image, "What is in the image?", "What color is the shape?"));
  }

  @Test
  void storiesHaveTextsAndImages() {
    GeneratedStory story = tasks.tell("Draw a red circle, then make it blue.");
    assertEquals(GeneratedStory.Finish.COMPLETE, story.finish());
    assertEquals(List.of(" Here is a red circle.", "Now it is blue.", ""), story.texts());
    assertEquals("A red circle.", describe(story.images().get(0).image()));
    assertEquals("A blue circle.", describe(story.images().get(1).image()));
  }

  @Test
  void chatAnswers() {
    assertTrue(tasks.chat("Hello!").length() > 2, tasks.chat("Hello!"));
  }

  private static String describe(BufferedImage image) {
    return model.imageUnderstanding().ask(image, "What is in the image?").text();
  }
}
