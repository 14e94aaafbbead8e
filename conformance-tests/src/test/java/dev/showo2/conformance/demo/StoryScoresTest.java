package dev.showo2.conformance.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StoryScoresTest {

  private final StoryPrompt story = StoryGrammar.prompts(1, 4).get(3);
  private final List<BufferedImage> pictures =
      story.pictures().stream().map(StoryScoresTest::draw).toList();
  private final StoryScores scores = new StoryScores();

  @Test
  void aStoryAsAskedIsRight() {
    scores.add(story, story.texts(), pictures);
    assertEquals(1, scores.both());
    assertEquals(1, scores.eachPicture());
    assertEquals(List.of(), scores.wrongTexts());
    assertEquals(
        "text 100.0 %, every picture 100.0 %, both 100.0 %, pictures one by one 100.0 %, 1 stories",
        scores.toString());
  }

  @Test
  void anEmptyTextAfterTheLastPictureIsNoText() {
    scores.add(story, Stream.concat(story.texts().stream(), Stream.of("")).toList(), pictures);
    assertEquals(1, scores.texts());
  }

  @Test
  void aWrongPictureSpoilsTheStoryButNotTheOthers() {
    scores.add(story, story.texts(), List.of(pictures.get(0), pictures.get(0), pictures.get(2)));
    assertEquals(1, scores.texts());
    assertEquals(0, scores.pictures());
    assertEquals(0, scores.both());
    assertEquals(2 / 3.0, scores.eachPicture());
  }

  @Test
  void missingAndAdditionalPicturesAreWrong() {
    scores.add(story, story.texts().subList(0, 2), pictures.subList(0, 2));
    assertEquals(0, scores.pictures());
    assertEquals(2 / 3.0, scores.eachPicture());
    scores.add(
        story,
        story.texts(),
        Stream.concat(pictures.stream(), Stream.of(pictures.get(0))).toList());
    assertEquals(0, scores.pictures());
    assertEquals(5 / 6.0, scores.eachPicture());
  }

  @Test
  void aWrongTextIsShown() {
    scores.add(story, List.of(" Here."), pictures);
    assertEquals(0, scores.texts());
    assertEquals(1, scores.pictures());
    assertEquals(0, scores.both());
    assertEquals(List.of(story.text() + " gave: [ Here.]"), scores.wrongTexts());
  }

  private static BufferedImage draw(Attributes attributes) {
    return SpriteRenderer.draw(Sprite.of(attributes, new Random(1)));
  }
}
