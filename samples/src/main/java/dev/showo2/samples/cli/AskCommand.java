package dev.showo2.samples.cli;

import dev.showo2.ShowO2;
import dev.showo2.media.ImageDecoder;
import dev.showo2.pipeline.GeneratedText;
import dev.showo2.pipeline.GeneratedToken;
import dev.showo2.pipeline.GenerationListener;
import dev.showo2.pipeline.ImageUnderstandingRequest;
import dev.showo2.pipeline.TextOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Answers a question. */
@Command(
    name = "ask",
    description = "Answers a question on a picture. Standard output gets the answer alone.")
final class AskCommand implements Callable<Integer> {

  private final Surroundings surroundings;

  @Parameters(index = "0", paramLabel = "IMAGE", description = "PNG, JPEG, BMP or GIF file.")
  private Path image;

  @Parameters(
      index = "1",
      paramLabel = "QUESTION",
      description = "In English or Chinese; in quotes if it has several words.")
  private String question;

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      defaultValue = "" + TextOptions.DEFAULT_MAX_TOKENS,
      description = "Longest answer. Default: ${DEFAULT-VALUE}")
  private int maxTokens;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "Seed of what the model sees of the picture. Default: ${DEFAULT-VALUE}")
  private long seed;

  @Mixin private ModelOptions options;

  AskCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    ImageUnderstandingRequest request =
        ImageUnderstandingRequest.builder(ImageDecoder.read(image), question)
            .maxTokens(maxTokens)
            .seed(seed)
            .build();
    try (ShowO2 model = options.open(surroundings);
        Answer answer = new Answer(surroundings)) {
      answer.finish(model.imageUnderstanding().ask(request, answer));
    }
    return ExitCode.OK;
  }

  /** Prints an answer: as it comes for those who watch, in one piece for programs. */
  private static final class Answer implements GenerationListener, AutoCloseable {

    private final Surroundings surroundings;
    private final StringBuilder shown = new StringBuilder();
    private boolean finished;

    Answer(Surroundings surroundings) {
      this.surroundings = surroundings;
    }

    @Override
    public void token(GeneratedToken token) {
      Interruption.check();
      if (surroundings.outIsTerminal()) {
        surroundings.out().print(token.text());
        surroundings.out().flush();
        shown.append(token.text());
      }
    }

    void finish(GeneratedText answer) {
      finished = true;
      // The pieces are the beginning of the text; half a character at its end comes with none.
      surroundings.out().println(answer.text().substring(shown.length()));
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
}
