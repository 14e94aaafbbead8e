package dev.showo2.samples.cli;

import dev.showo2.pipeline.GeneratedText;
import dev.showo2.pipeline.GeneratedToken;
import dev.showo2.pipeline.GenerationListener;

/** Prints an answer: as it comes for those who watch, in one piece for programs. */
final class Answer implements GenerationListener, AutoCloseable {

  private final CliContext context;
  private final StringBuilder shown = new StringBuilder();
  private boolean finished;

  Answer(CliContext context) {
    this.context = context;
  }

  @Override
  public void token(GeneratedToken token) {
    Interruption.check();
    if (context.outIsTerminal()) {
      context.out().print(Terminal.printable(token.text()));
      context.out().flush();
      shown.append(token.text());
    }
  }

  void finish(GeneratedText answer) {
    finished = true;
    // The parts are the beginning of the text; half a character at its end comes with none.
    String rest = answer.text().substring(shown.length());
    context.out().println(context.outIsTerminal() ? Terminal.printable(rest) : rest);
    noteIfCut(answer, context);
  }

  static void noteIfCut(GeneratedText answer, CliContext context) {
    if (answer.finish() == GeneratedText.Finish.MAX_TOKENS) {
      context.note(
          "the answer was cut off after " + answer.ids().length + " tokens; see --max-tokens");
    }
  }

  /** Lets the message of a failure begin on a line of its own. */
  @Override
  public void close() {
    if (!finished && shown.length() > 0) {
      context.out().println();
    }
  }
}
