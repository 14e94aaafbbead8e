package dev.showo2.samples.cli;

import com.google.gson.JsonObject;
import dev.showo2.ShowO2;
import dev.showo2.error.CancelledException;
import dev.showo2.error.InvalidRequestException;
import dev.showo2.error.ShowO2Exception;
import dev.showo2.model.Architecture;
import dev.showo2.pipeline.Conversation;
import dev.showo2.pipeline.ConversationOptions;
import dev.showo2.pipeline.GeneratedText;
import dev.showo2.pipeline.GeneratedToken;
import dev.showo2.pipeline.GenerationListener;
import dev.showo2.pipeline.TextOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.TypeConversionException;

/** Questions, answers and what else may be typed in a chat. */
final class ChatSession implements AutoCloseable {

  private static final String IMAGE = "/image";
  private static final String NEW = "/new";
  private static final String QUIT = "/quit";

  private final CliContext context;
  private final ShowO2 model;
  private final TextOptions options;
  private final boolean json;
  private final boolean forgiving;
  private final Answering answering;
  private Conversation conversation;

  /**
   * @param forgiving whether the chat goes on after a line that fails
   */
  ChatSession(
      CliContext context,
      ShowO2 model,
      TextOptions options,
      boolean json,
      boolean forgiving,
      Answering answering) {
    this.context = context;
    this.model = model;
    this.options = options;
    this.json = json;
    this.forgiving = forgiving;
    this.answering = answering;
    this.conversation = open();
  }

  private Conversation open() {
    return model.chat().open(ConversationOptions.builder().seed(options.seed()).build());
  }

  /** Shows an image with the next question. */
  void show(ScaledImage image) {
    Architecture architecture = model.bundle().architecture();
    conversation.add(image.covering(architecture, architecture.imageGrid()));
  }

  void run(ChatInput input) throws IOException {
    Optional<String> line = input.next();
    while (line.isPresent() && !line.get().strip().equals(QUIT)) {
      try {
        take(line.get().strip());
      } catch (CancelledException e) {
        throw e;
      } catch (ShowO2Exception e) {
        if (!forgiving) {
          throw e;
        }
        context.note("showo2: " + e.getMessage());
      }
      line = input.next();
    }
  }

  private void take(String line) {
    if (line.isEmpty()) {
      return;
    }
    if (!line.startsWith("/")) {
      ask(line);
    } else if (line.equals(NEW)) {
      conversation.close();
      conversation = open();
      context.note("a new chat");
    } else if (line.startsWith(IMAGE + " ")) {
      show(line.substring(IMAGE.length()).strip());
    } else {
      throw new InvalidRequestException(
          "a question, or one of " + IMAGE + " FILE, " + NEW + ", " + QUIT + ", found " + line);
    }
  }

  private void show(String file) {
    try {
      Path image = ShowO2CommandLine.path(file);
      Architecture architecture = model.bundle().architecture();
      conversation.add(ScaledImage.read(image, architecture, architecture.imageGrid()));
    } catch (TypeConversionException e) {
      throw new InvalidRequestException(IMAGE + ": " + e.getMessage(), e);
    }
    context.note("the next question comes with " + file);
  }

  private void ask(String question) {
    Reply reply = new Reply(context, json, question);
    try {
      reply.finish(answering.run(reply, listener -> conversation.ask(question, options, listener)));
    } catch (CancelledException e) {
      // Either the user ends the answer, or the system all of it.
      if (Thread.currentThread().isInterrupted()) {
        reply.fail();
        throw e;
      }
      reply.cancel();
    } catch (ShowO2Exception e) {
      reply.fail();
      throw e;
    }
  }

  @Override
  public void close() {
    conversation.close();
  }

  /** One answer of a chat, which takes one line unless somebody watches. */
  private static final class Reply implements GenerationListener {

    private final CliContext context;
    private final boolean json;
    private final String question;
    private final StringBuilder text = new StringBuilder();
    private int shown;

    Reply(CliContext context, boolean json, String question) {
      this.context = context;
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
        context
            .out()
            .print(
                context.outIsTerminal() ? Terminal.printable(more) : more.replaceAll("\\R", " "));
        context.out().flush();
        shown = all.length();
      }
    }

    void finish(GeneratedText answer) {
      show(answer.text());
      end(Json.text(answer));
      Answer.noteIfCut(answer, context);
    }

    /** Ctrl-C came. */
    void cancel() {
      JsonObject answer = new JsonObject();
      answer.addProperty("text", text.toString());
      answer.addProperty("finish", "cancelled");
      end(answer);
      context.note("the answer was interrupted; the chat goes on as if it had not been asked");
    }

    private void end(JsonObject answer) {
      if (json) {
        JsonObject line = new JsonObject();
        line.addProperty("question", question);
        answer.entrySet().forEach(entry -> line.add(entry.getKey(), entry.getValue()));
        ResultOptions.print(line, context.out());
      } else {
        context.out().println();
      }
      context.out().flush();
    }

    /** Lets the message of a failure begin on a line of its own. */
    void fail() {
      if (shown > 0) {
        context.out().println();
      }
    }
  }
}
