package dev.showo2.samples.demo;

import dev.showo2.ShowO2;
import dev.showo2.demo.world.AnswerScores;
import dev.showo2.demo.world.Attributes.Attribute;
import dev.showo2.demo.world.DemoScores;
import dev.showo2.demo.world.Language;
import dev.showo2.demo.world.MotionScores;
import dev.showo2.demo.world.PromptGrammar;
import dev.showo2.demo.world.PromptGrammar.DemoPrompt;
import dev.showo2.demo.world.Share;
import dev.showo2.demo.world.StoryScores;
import dev.showo2.demo.world.WorldQuestion;
import dev.showo2.demo.world.generate.ChatExample;
import dev.showo2.demo.world.generate.StoryExample;
import dev.showo2.demo.world.generate.VideoExample;
import dev.showo2.demo.world.generate.World;
import dev.showo2.media.video.FrameSink;
import dev.showo2.pipeline.Conversation;
import dev.showo2.pipeline.ConversationOptions;
import dev.showo2.pipeline.GeneratedImage;
import dev.showo2.pipeline.GeneratedStory;
import dev.showo2.pipeline.ImageToVideoRequest;
import dev.showo2.pipeline.StoryRequest;
import dev.showo2.pipeline.TextOptions;
import dev.showo2.pipeline.TextToImageRequest;
import dev.showo2.pipeline.TextToVideoRequest;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.function.Predicate;

/**
 * Measures a model of the world of colored shapes: it draws for prompts, asks about images and
 * videos that the world draws, and tells stories, and counts what is right.
 */
public final class WorldEvaluation {

  /** Frames that a question about a video shows; the demo model was trained with as many. */
  static final int FRAMES = 8;

  private static final TextOptions STORY_TEXT = TextOptions.builder().maxTokens(200).build();

  /** Parts of a measurement. */
  public enum Section {
    /** Images for prompts. */
    IMAGES,
    /** Questions about images. */
    QUESTIONS,
    /** Several turns on an image, and on none. */
    CHATS,
    /** Videos for prompts, and for images and prompts. */
    VIDEOS,
    /** Questions about videos, in one turn and in several. */
    VIDEO_QUESTIONS,
    /** Stories in texts and images. */
    STORIES;

    /** {@return such as "video-questions"} */
    public String key() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * A line of the result.
   *
   * @param section it belongs to
   * @param name of what was to be right
   * @param share of the right ones
   */
  public record Line(Section section, String name, Share share) {}

  private final ShowO2 model;
  private final long seed;
  private final World world;
  private final int count;
  private final int steps;
  private final LongConsumer progress;
  private final List<Line> lines = new ArrayList<>();
  private long done;

  private WorldEvaluation(ShowO2 model, long seed, int count, int steps, LongConsumer progress) {
    this.model = model;
    this.seed = seed;
    this.world = new World(seed);
    this.count = count;
    this.steps = steps;
    this.progress = progress;
  }

  /**
   * Measures a model.
   *
   * @param model whose images have 64x64 pixels
   * @param sections that are measured
   * @param seed of prompts, images, questions and noise; the same for two models to be compared
   * @param count of examples of each kind, 1 or more
   * @param steps time points of images and videos
   * @param progress gets the number of examples done, up to {@link #work}, and may throw to end the
   *     work
   * @return the shares, in the order of the sections
   */
  public static List<Line> measure(
      ShowO2 model, Set<Section> sections, long seed, int count, int steps, LongConsumer progress) {
    WorldEvaluation run = new WorldEvaluation(model, seed, count, steps, progress);
    for (Section section : Section.values()) {
      if (sections.contains(section)) {
        run.measure(section);
      }
    }
    return List.copyOf(run.lines);
  }

  /**
   * The number of examples of a measurement.
   *
   * @param sections that are measured
   * @param count of examples of each kind
   * @return what progress counts up to
   */
  public static long work(Set<Section> sections, int count) {
    long kinds = 0;
    for (Section section : sections) {
      kinds +=
          switch (section) {
            case IMAGES, QUESTIONS, STORIES -> 1;
            case CHATS, VIDEOS, VIDEO_QUESTIONS -> 2;
          };
    }
    return kinds * count;
  }

  private void measure(Section section) {
    switch (section) {
      case IMAGES -> images();
      case QUESTIONS -> questions();
      case CHATS -> chats();
      case VIDEOS -> videos();
      case VIDEO_QUESTIONS -> videoQuestions();
      case STORIES -> stories();
    }
  }

  private void images() {
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
      step();
    }
    for (Attribute attribute : Attribute.values()) {
      line(Section.IMAGES, name(attribute), scores.share(attribute), count);
    }
    line(Section.IMAGES, "all", scores.all(), count);
    for (Language language : Language.values()) {
      line(Section.IMAGES, "all, " + name(language), scores.all(language), scores.count(language));
    }
  }

  private void questions() {
    Answers answers = new Answers(Section.QUESTIONS);
    for (int i = 0; i < count; i++) {
      ChatExample example = world.imageQuestion(i);
      WorldQuestion question = example.turns().get(0);
      String said = model.imageUnderstanding().ask(example.draw().get(0), question.text()).text();
      answers.add(question, said);
      step();
    }
    answers.addKinds();
    answers.add("yes or no", each -> each.kind().yesOrNo());
    answers.addLanguages();
  }

  private void chats() {
    Turns onImages = new Turns(Section.CHATS, "on an image");
    for (int i = 0; i < count; i++) {
      ChatExample chat = world.imageChat(i);
      try (Conversation conversation = model.imageUnderstanding().open(chat.draw())) {
        onImages.ask(chat, conversation);
      }
      step();
    }
    onImages.addLines();
    Turns phrases = new Turns(Section.CHATS, "without an image");
    for (int i = 0; i < count; i++) {
      try (Conversation conversation = model.chat().open()) {
        phrases.ask(world.smallTalk(i), conversation);
      }
      step();
    }
    phrases.addLines();
  }

  private void videos() {
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
      step();
      BufferedImage given = example.frames().get(0).draw();
      List<BufferedImage> animated = new ArrayList<>();
      model
          .imageToVideo()
          .generate(
              ImageToVideoRequest.builder(given, text).seed(seed + i).steps(steps).build(),
              FrameSink.into(animated));
      fromImage.add(example.prompt(), animated, given);
      step();
    }
    addLines(", from text", fromText);
    addLines(", from an image", fromImage);
  }

  private void addLines(String from, MotionScores scores) {
    line(Section.VIDEOS, "direction" + from, scores.direction(), scores.count());
    line(Section.VIDEOS, "shape of first" + from, scores.shapeOfFirst(), scores.count());
    line(Section.VIDEOS, "shape of last" + from, scores.shapeOfLast(), scores.count());
    line(Section.VIDEOS, "color of first" + from, scores.colorOfFirst(), scores.count());
    line(Section.VIDEOS, "color of last" + from, scores.colorOfLast(), scores.count());
  }

  private void videoQuestions() {
    Answers answers = new Answers(Section.VIDEO_QUESTIONS);
    Turns turns = new Turns(Section.VIDEO_QUESTIONS, "of chats");
    for (int i = 0; i < count; i++) {
      ChatExample single = world.videoQuestion(i);
      try (Conversation conversation = open(single)) {
        WorldQuestion question = single.turns().get(0);
        answers.add(question, conversation.ask(question.text()).text());
      }
      step();
      ChatExample chat = world.videoChat(i);
      try (Conversation conversation = open(chat)) {
        turns.ask(chat, conversation);
      }
      step();
    }
    answers.addKinds();
    answers.addLanguages();
    turns.addLines();
  }

  private Conversation open(ChatExample onVideo) {
    return model.videoUnderstanding().open(onVideo.draw(), FRAMES, ConversationOptions.DEFAULTS);
  }

  private void stories() {
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
      step();
    }
    line(Section.STORIES, "text", scores.texts(), count);
    line(Section.STORIES, "every image", scores.images(), count);
    line(Section.STORIES, "both", scores.both(), count);
    line(Section.STORIES, "images one by one", scores.eachImage(), scores.imageCount());
  }

  private void step() {
    progress.accept(++done);
  }

  private void line(Section section, String name, double share, int of) {
    if (of > 0) {
      lines.add(new Line(section, name, Share.of(share, of)));
    }
  }

  private static String name(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** Answers to single questions, and the lines of those that have something in common. */
  private final class Answers {

    private record Said(WorldQuestion question, String answer) {}

    private final Section section;
    private final List<Said> all = new ArrayList<>();

    Answers(Section section) {
      this.section = section;
    }

    void add(WorldQuestion question, String answer) {
      all.add(new Said(question, answer));
    }

    void addKinds() {
      for (WorldQuestion.Kind kind : WorldQuestion.Kind.values()) {
        add(name(kind), each -> each.kind() == kind);
      }
    }

    void addLanguages() {
      for (Language language : Language.values()) {
        add("all, " + name(language), each -> each.language() == language);
      }
      add("all", each -> true);
    }

    void add(String name, Predicate<WorldQuestion> those) {
      AnswerScores scores = new AnswerScores();
      all.stream()
          .filter(each -> those.test(each.question()))
          .forEach(each -> scores.add(each.question(), each.answer()));
      line(section, name, scores.right(), scores.count());
    }
  }

  /** Answers in conversations: first turns, and later ones, which see what was said before. */
  private final class Turns {

    private final Section section;
    private final String where;
    private final Map<Boolean, AnswerScores> byFirst =
        Map.of(true, new AnswerScores(), false, new AnswerScores());

    Turns(Section section, String where) {
      this.section = section;
      this.where = where;
    }

    void ask(ChatExample chat, Conversation conversation) {
      boolean first = true;
      for (WorldQuestion question : chat.turns()) {
        byFirst.get(first).add(question, conversation.ask(question.text()).text());
        first = false;
      }
    }

    void addLines() {
      AnswerScores firsts = byFirst.get(true);
      AnswerScores later = byFirst.get(false);
      line(section, "first turns " + where, firsts.right(), firsts.count());
      line(section, "later turns " + where, later.right(), later.count());
    }
  }
}
