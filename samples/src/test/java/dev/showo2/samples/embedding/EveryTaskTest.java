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
  void picturesOfOnePromptDiffer() {
    List<GeneratedImage> pictures = tasks.pictures("a red circle", 2);
    assertEquals(List.of(1L, 2L), pictures.stream().map(GeneratedImage::seed).toList());
    assertTrue(!pictures.get(0).latents().equals(pictures.get(1).latents()), "twice the same");
    assertEquals("A red circle.", describe(pictures.get(0).image()));
  }

  @Test
  void theBestShowsThePrompt() {
    ScoredImage best = tasks.best("a green triangle");
    assertEquals("A green triangle.", describe(best.picture().image()));
  }

  @Test
  void picturesAreChangedWhereTheMaskIsWhite() {
    BufferedImage picture = tasks.pictures("a red circle", 1).get(0).image();
    BufferedImage mask = new BufferedImage(64, 64, BufferedImage.TYPE_BYTE_GRAY);
    Graphics2D graphics = mask.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 32, 64, 32);
    graphics.dispose();
    BufferedImage changed = tasks.inpaint(picture, mask, "a blue circle");
    assertEquals(picture.getRGB(32, 20), changed.getRGB(32, 20));
    assertTrue(picture.getRGB(32, 44) != changed.getRGB(32, 44), "nothing changed");
  }

  @Test
  void picturesAreContinued() {
    BufferedImage picture = tasks.pictures("a red circle", 1).get(0).image();
    BufferedImage continued = tasks.outpaint(picture, "a small red circle");
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
  void picturesAreSetInMotion() {
    BufferedImage picture = tasks.pictures("a blue square at the left", 1).get(0).image();
    Path file = folder.resolve("square.gif");
    tasks.animate(picture, "a blue square moving to the right.", file);
    assertEquals(9, VideoReader.sample(file, 9).size());
    assertEquals("Blue.", tasks.askAbout(file, 8, "What color is the shape?"));
  }

  @Test
  void twoQuestionsAreAnswered() {
    BufferedImage picture = tasks.pictures("a red circle", 1).get(0).image();
    assertEquals(
        List.of("A red circle.", "Red."),
        tasks.converse(picture, "What is in the image?", "What color is the shape?"));
  }

  @Test
  void storiesHaveTextsAndPictures() {
    GeneratedStory story = tasks.tell("Draw a red circle, then make it blue.");
    assertEquals(GeneratedStory.Finish.COMPLETE, story.finish());
    assertEquals(List.of(" Here is a red circle.", "Now it is blue.", ""), story.texts());
    assertEquals("A red circle.", describe(story.pictures().get(0).image()));
    assertEquals("A blue circle.", describe(story.pictures().get(1).image()));
  }

  @Test
  void chatAnswers() {
    assertTrue(tasks.chat("Hello!").length() > 2, tasks.chat("Hello!"));
  }

  private static String describe(BufferedImage picture) {
    return model.imageUnderstanding().ask(picture, "What is in the image?").text();
  }
}
