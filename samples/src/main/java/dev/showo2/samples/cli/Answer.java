package dev.showo2.samples.cli;

import dev.showo2.pipeline.GeneratedText;
import dev.showo2.pipeline.GeneratedToken;
import dev.showo2.pipeline.GenerationListener;

/** Prints an answer: as it comes for those who watch, in one piece for programs. */
final class Answer implements GenerationListener, AutoCloseable {

  private final CliContext surroundings;
  private final StringBuilder shown = new StringBuilder();
  private boolean finished;

  Answer(CliContext surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public void token(GeneratedToken token) {
    Interruption.check();
    if (surroundings.outIsTerminal()) {
      surroundings.out().print(Terminal.printable(token.text()));
      surroundings.out().flush();
      shown.append(token.text());
    }
  }

  void finish(GeneratedText answer) {
    finished = true;
    // The pieces are the beginning of the text; half a character at its end comes with none.
    String rest = answer.text().substring(shown.length());
    surroundings.out().println(surroundings.outIsTerminal() ? Terminal.printable(rest) : rest);
    noteIfCut(answer, surroundings);
  }

  static void noteIfCut(GeneratedText answer, CliContext surroundings) {
    if (answer.finish() == GeneratedText.Finish.MAX_TOKENS) {
      surroundings.note(
          "the answer was cut off after " + answer.ids().length + " tokens; see --max-tokens");
    }
  }

  /** Lets the message of a failure begin on a line of its own. */
  @Override
  public void close() {
    if (!finished && shown.length() > 0) {
      surroundings.out().println();
    }
  }
}
