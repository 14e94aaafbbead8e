package dev.showo2.train.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Refuses examples of which the official code would make a wrong row, or none. */
final class ExampleCheck {

  private static final String IMAGE = "<image>";
  private static final String VIDEO = "<video>";

  private ExampleCheck() {}

  static <E extends Example> E typed(Example example, Class<E> type, RowKind kind) {
    if (!type.isInstance(example)) {
      throw new BadExampleException(
          ExampleProblem.MALFORMED,
          "rows of the kind "
              + kind
              + " are made of "
              + type.getSimpleName()
              + " examples, found "
              + example.getClass().getSimpleName());
    }
    return type.cast(example);
  }

  static void requireText(String what, String text) {
    if (text.isBlank()) {
      throw new BadExampleException(
          ExampleProblem.EMPTY_TEXT, "expected text as " + what + ", found none");
    }
  }

  /** The turns up to the last answer. */
  static List<Example.Turn> turns(Example.Dialog dialog, boolean video) {
    List<Example.Turn> turns = new ArrayList<>();
    boolean questionNext = true;
    for (Example.Turn turn : dialog.turns()) {
      if (turn.question() != questionNext) {
        throw new BadExampleException(
            questionNext ? ExampleProblem.ANSWER_WITHOUT_QUESTION : ExampleProblem.MALFORMED,
            questionNext
                ? "expected a question as turn " + (turns.size() + 1) + ", found an answer"
                : "expected an answer as turn " + (turns.size() + 1) + ", found a question");
      }
      requireText((questionNext ? "question" : "answer") + " " + (turns.size() + 1), turn.text());
      String text = turn.text();
      turns.add(new Example.Turn(questionNext, video ? text.replace(VIDEO, IMAGE) : text));
      questionNext = !questionNext;
    }
    if (!questionNext) {
      turns.remove(turns.size() - 1);
    }
    if (turns.isEmpty()) {
      throw new BadExampleException(
          ExampleProblem.MALFORMED, "expected a question and its answer, found no answer");
    }
    requireImage(turns, dialog.visual());
    return turns;
  }

  private static void requireImage(List<Example.Turn> turns, Optional<ExampleMedia> visual) {
    if (visual.isEmpty()
        && turns.stream().anyMatch(turn -> turn.question() && turn.text().contains(IMAGE))) {
      throw new BadExampleException(
          ExampleProblem.IMAGE_MISMATCH,
          "a question contains " + IMAGE + ", but the conversation has no image");
    }
  }

  static void requirePairs(Example.Illustrated story) {
    if (story.images().isEmpty() || story.images().size() != story.captions().size()) {
      throw new BadExampleException(
          ExampleProblem.IMAGE_MISMATCH,
          "expected as many captions as images, and at least one; found "
              + story.captions().size()
              + " captions and "
              + story.images().size()
              + " images");
    }
    for (int i = 0; i < story.captions().size(); i++) {
      requireText("caption " + (i + 1), story.captions().get(i));
    }
  }
}
