package dev.showo2.samples.cli;

import com.google.gson.JsonObject;
import dev.showo2.pipeline.GeneratedText;
import dev.showo2.pipeline.GeneratedToken;
import dev.showo2.pipeline.GenerationListener;

/** One answer of a chat, which takes one line unless somebody watches. */
final class Reply implements GenerationListener {

  private final CliContext surroundings;
  private final boolean json;
  private final String question;
  private final StringBuilder text = new StringBuilder();
  private int shown;

  Reply(CliContext surroundings, boolean json, String question) {
    this.surroundings = surroundings;
    this.json = json;
    this.question = question;
  }

  @Override
  public void token(GeneratedToken token) {
    Interruption.check();
    text.append(token.text());
    show(text.toString());
  }

  private void show(String all) {
    if (!json) {
      String more = all.substring(shown);
      surroundings
          .out()
          .print(
              surroundings.outIsTerminal()
                  ? Terminal.printable(more)
                  : more.replaceAll("\\R", " "));
      surroundings.out().flush();
      shown = all.length();
    }
  }

  void finish(GeneratedText answer) {
    show(answer.text());
    end(Json.text(answer));
    Answer.noteIfCut(answer, surroundings);
  }

  /** Ctrl-C came. */
  void cancel() {
    JsonObject answer = new JsonObject();
    answer.addProperty("text", text.toString());
    answer.addProperty("finish", "cancelled");
    end(answer);
    surroundings.note("the answer was interrupted; the chat goes on as if it had not been asked");
  }

  private void end(JsonObject answer) {
    if (json) {
      JsonObject line = new JsonObject();
      line.addProperty("question", question);
      answer.entrySet().forEach(entry -> line.add(entry.getKey(), entry.getValue()));
      ResultOptions.print(line, surroundings.out());
    } else {
      surroundings.out().println();
    }
    surroundings.out().flush();
  }

  /** Lets the message of a failure begin on a line of its own. */
  void fail() {
    if (shown > 0) {
      surroundings.out().println();
    }
  }
}
