package dev.showo2.demo.world;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.showo2.demo.world.StoryGrammar.StoryPrompt;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StoryScoresTest {

  private final StoryPrompt story = StoryGrammar.prompts(1, 4).get(3);
  private final List<BufferedImage> images =
      story.images().stream().map(StoryScoresTest::draw).toList();
  private final StoryScores scores = new StoryScores();

  @Test
  void aStoryAsAskedIsRight() {
    scores.add(story, story.texts(), images);
    assertEquals(1, scores.both());
    assertEquals(1, scores.eachImage());
    assertEquals(List.of(), scores.wrongTexts());
    assertEquals(
        "text 100.0 %, every image 100.0 %, both 100.0 %, images one by one 100.0 %, 1 stories",
        scores.toString());
  }

  @Test
  void anEmptyTextAfterTheLastImageIsNoText() {
    scores.add(story, Stream.concat(story.texts().stream(), Stream.of("")).toList(), images);
    assertEquals(1, scores.texts());
  }

  @Test
  void aWrongImageSpoilsTheStoryButNotTheOthers() {
    scores.add(story, story.texts(), List.of(images.get(0), images.get(0), images.get(2)));
    assertEquals(1, scores.texts());
    assertEquals(0, scores.images());
    assertEquals(0, scores.both());
    assertEquals(2 / 3.0, scores.eachImage());
  }

  @Test
  void missingAndAdditionalImagesAreWrong() {
    scores.add(story, story.texts().subList(0, 2), images.subList(0, 2));
    assertEquals(0, scores.images());
    assertEquals(2 / 3.0, scores.eachImage());
    scores.add(
        story, story.texts(), Stream.concat(images.stream(), Stream.of(images.get(0))).toList());
    assertEquals(0, scores.images());
    assertEquals(5 / 6.0, scores.eachImage());
  }

  @Test
  void aWrongTextIsShown() {
    scores.add(story, List.of(" Here."), images);
    assertEquals(0, scores.texts());
    assertEquals(1, scores.images());
    assertEquals(0, scores.both());
    assertEquals(List.of(story.text() + " gave: [ Here.]"), scores.wrongTexts());
  }

  private static BufferedImage draw(Attributes attributes) {
    return Sprite.of(attributes, new Random(1)).draw();
  }
}
