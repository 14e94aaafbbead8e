package dev.showo2.samples.cli;

import dev.showo2.ShowO2;
import dev.showo2.pipeline.TextOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Talks. */
@Command(
    name = "chat",
    description = {
      "Talks, line by line, and remembers what was said and seen.",
      "/image FILE shows an image with the next question, /new begins anew, /quit or Ctrl-D ends."
          + " Ctrl-C ends the answer; at an empty line, a second one ends the chat.",
      "Where standard input is no terminal, every line of it is a question, and gets a line as its"
          + " answer; with --json, a JSON object on a line. The first line that fails ends it."
    })
final class ChatCommand implements Callable<Integer> {

  private final CliContext context;

  @Option(
      names = "--image",
      paramLabel = "FILE",
      description = "Image that the first question comes with; may be given several times.")
  private List<Path> imageFiles = new ArrayList<>();

  @Mixin private AnswerOptions writing;

  @Mixin private ResultOptions result;

  @Mixin private ModelOptions options;

  ChatCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    TextOptions text = writing.options();
    List<ScaledImage> images = imageFiles.stream().map(ScaledImage::open).toList();
    boolean typed = context.inIsTerminal() && context.outIsTerminal();
    // Somebody who types sees what goes wrong, whatever form the answers have.
    CliContext around = typed ? context : result.around(context);
    Answering answering = new Answering();
    try (ShowO2 model = options.open(around);
        ChatSession session =
            new ChatSession(around, model, text, result.json(), typed, answering)) {
      if (typed && options.isDemo()) {
        around.note(
            "the demo model has a handful of phrases and knows colored shapes; --bundle runs"
                + " another model");
      }
      images.forEach(session::show);
      try (ChatInput input =
          typed
              ? ChatInput.TerminalInput.open(answering)
              : ChatInput.StreamInput.open(context.in(), answering)) {
        session.run(input);
      }
    }
    return ExitCode.OK;
  }
}
