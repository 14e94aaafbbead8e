package dev.showo2.samples.demo;

import dev.showo2.ShowO2;
import dev.showo2.demo.world.AnswerScores;
import dev.showo2.demo.world.Language;
import dev.showo2.demo.world.WorldQuestion;
import dev.showo2.demo.world.generate.ChatExample;
import dev.showo2.demo.world.generate.World;
import dev.showo2.pipeline.Conversation;
import dev.showo2.pipeline.ConversationOptions;
import dev.showo2.samples.demo.WorldEvaluation.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Measures answers of a model about images and videos of the world, and in chats. */
final class DialogEvaluation {

  private final ShowO2 model;
  private final World world;
  private final int count;
  private final EvaluationLines result;

  /**
   * @param seed of what is asked
   * @param count of examples of each kind
   */
  DialogEvaluation(ShowO2 model, long seed, int count, EvaluationLines result) {
    this.model = model;
    this.world = new World(seed);
    this.count = count;
    this.result = result;
  }

  void questions() {
    Answers answers = new Answers(Section.QUESTIONS);
    for (int i = 0; i < count; i++) {
      ChatExample example = world.imageQuestion(i);
      WorldQuestion question = example.turns().get(0);
      String said = model.imageUnderstanding().ask(example.draw().get(0), question.text()).text();
      answers.add(question, said);
      result.step();
    }
    answers.addKinds();
    answers.add("yes or no", each -> each.kind().yesOrNo());
    answers.addLanguages();
  }

  void chats() {
    Turns onImages = new Turns(Section.CHATS, "on an image");
    for (int i = 0; i < count; i++) {
      ChatExample chat = world.imageChat(i);
      try (Conversation conversation = model.imageUnderstanding().open(chat.draw())) {
        onImages.ask(chat, conversation);
      }
      result.step();
    }
    onImages.addLines();
    Turns phrases = new Turns(Section.CHATS, "without an image");
    for (int i = 0; i < count; i++) {
      try (Conversation conversation = model.chat().open()) {
        phrases.ask(world.smallTalk(i), conversation);
      }
      result.step();
    }
    phrases.addLines();
  }

  void videoQuestions() {
    Answers answers = new Answers(Section.VIDEO_QUESTIONS);
    Turns turns = new Turns(Section.VIDEO_QUESTIONS, "of chats");
    for (int i = 0; i < count; i++) {
      ChatExample single = world.videoQuestion(i);
      try (Conversation conversation = open(single)) {
        WorldQuestion question = single.turns().get(0);
        answers.add(question, conversation.ask(question.text()).text());
      }
      result.step();
      ChatExample chat = world.videoChat(i);
      try (Conversation conversation = open(chat)) {
        turns.ask(chat, conversation);
      }
      result.step();
    }
    answers.addKinds();
    answers.addLanguages();
    turns.addLines();
  }

  private Conversation open(ChatExample onVideo) {
    return model
        .videoUnderstanding()
        .open(onVideo.draw(), WorldEvaluation.FRAMES, ConversationOptions.DEFAULTS);
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
        add(EvaluationLines.name(kind), each -> each.kind() == kind);
      }
    }

    void addLanguages() {
      for (Language language : Language.values()) {
        add("all, " + EvaluationLines.name(language), each -> each.language() == language);
      }
      add("all", each -> true);
    }

    void add(String name, Predicate<WorldQuestion> those) {
      AnswerScores scores = new AnswerScores();
      all.stream()
          .filter(each -> those.test(each.question()))
          .forEach(each -> scores.add(each.question(), each.answer()));
      result.line(section, name, scores.right(), scores.count());
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
      result.line(section, "first turns " + where, firsts.right(), firsts.count());
      result.line(section, "later turns " + where, later.right(), later.count());
    }
  }
}
