package dev.showo2.samples.demo;

import dev.showo2.ShowO2;
import dev.showo2.demo.world.Attributes.Attribute;
import dev.showo2.demo.world.DemoScores;
import dev.showo2.demo.world.Language;
import dev.showo2.demo.world.MotionScores;
import dev.showo2.demo.world.PromptGrammar;
import dev.showo2.demo.world.PromptGrammar.DemoPrompt;
import dev.showo2.demo.world.StoryScores;
import dev.showo2.demo.world.generate.StoryExample;
import dev.showo2.demo.world.generate.VideoExample;
import dev.showo2.demo.world.generate.World;
import dev.showo2.media.video.FrameSink;
import dev.showo2.pipeline.GeneratedImage;
import dev.showo2.pipeline.GeneratedStory;
import dev.showo2.pipeline.ImageToVideoRequest;
import dev.showo2.pipeline.StoryRequest;
import dev.showo2.pipeline.TextOptions;
import dev.showo2.pipeline.TextToImageRequest;
import dev.showo2.pipeline.TextToVideoRequest;
import dev.showo2.samples.demo.WorldEvaluation.Section;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/** Measures images, videos and stories that a model makes for prompts of the world. */
final class GenerationEvaluation {

  private static final TextOptions STORY_TEXT = TextOptions.builder().maxTokens(200).build();

  private final ShowO2 model;
  private final long seed;
  private final World world;
  private final int count;
  private final int steps;
  private final EvaluationLines result;

  /**
   * @param seed of prompts and noise
   * @param count of examples of each kind
   * @param steps time points of images and videos
   */
  GenerationEvaluation(ShowO2 model, long seed, int count, int steps, EvaluationLines result) {
    this.model = model;
    this.seed = seed;
    this.world = new World(seed);
    this.count = count;
    this.steps = steps;
    this.result = result;
  }

  void images() {
    DemoScores scores = new DemoScores();
    List<DemoPrompt> prompts = PromptGrammar.prompts(seed, count);
    for (int i = 0; i < count; i++) {
      scores.add(
          prompts.get(i),
          model
              .textToImage()
              .generate(
                  TextToImageRequest.builder(prompts.get(i).text())
                      .seed(seed + i)
                      .steps(steps)
                      .build())
              .image());
      result.step();
    }
    for (Attribute attribute : Attribute.values()) {
      result.line(Section.IMAGES, EvaluationLines.name(attribute), scores.share(attribute), count);
    }
    result.line(Section.IMAGES, "all", scores.all(), count);
    for (Language language : Language.values()) {
      result.line(
          Section.IMAGES,
          "all, " + EvaluationLines.name(language),
          scores.all(language),
          scores.count(language));
    }
  }

  void videos() {
    MotionScores fromText = new MotionScores();
    MotionScores fromImage = new MotionScores();
    for (int i = 0; i < count; i++) {
      VideoExample example = world.video(i);
      String text = example.prompt().text();
      List<BufferedImage> frames = new ArrayList<>();
      model
          .textToVideo()
          .generate(
              TextToVideoRequest.builder(text).seed(seed + i).steps(steps).build(),
              FrameSink.into(frames));
      fromText.add(example.prompt(), frames);
      result.step();
      BufferedImage given = example.frames().get(0).draw();
      List<BufferedImage> animated = new ArrayList<>();
      model
          .imageToVideo()
          .generate(
              ImageToVideoRequest.builder(given, text).seed(seed + i).steps(steps).build(),
              FrameSink.into(animated));
      fromImage.add(example.prompt(), animated, given);
      result.step();
    }
    addLines(", from text", fromText);
    addLines(", from an image", fromImage);
  }

  private void addLines(String from, MotionScores scores) {
    result.line(Section.VIDEOS, "direction" + from, scores.direction(), scores.count());
    result.line(Section.VIDEOS, "shape of first" + from, scores.shapeOfFirst(), scores.count());
    result.line(Section.VIDEOS, "shape of last" + from, scores.shapeOfLast(), scores.count());
    result.line(Section.VIDEOS, "color of first" + from, scores.colorOfFirst(), scores.count());
    result.line(Section.VIDEOS, "color of last" + from, scores.colorOfLast(), scores.count());
  }

  void stories() {
    StoryScores scores = new StoryScores();
    for (int i = 0; i < count; i++) {
      StoryExample example = world.story(i);
      GeneratedStory story =
          model
              .story()
              .tell(
                  StoryRequest.builder(example.prompt().text())
                      .seed(seed + i)
                      .steps(steps)
                      .text(STORY_TEXT)
                      .build());
      scores.add(
          example.prompt(),
          story.texts(),
          story.images().stream().map(GeneratedImage::image).toList());
      result.step();
    }
    result.line(Section.STORIES, "text", scores.texts(), count);
    result.line(Section.STORIES, "every image", scores.images(), count);
    result.line(Section.STORIES, "both", scores.both(), count);
    result.line(Section.STORIES, "images one by one", scores.eachImage(), scores.imageCount());
  }
}
