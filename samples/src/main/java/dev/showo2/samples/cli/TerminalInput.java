package dev.showo2.samples.cli;

import dev.showo2.error.CancelledException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/** Lines that somebody types, with editing and those before them at hand. */
final class TerminalInput implements ChatInput {

  private static final String PROMPT = "> ";

  private final Terminal terminal;
  private final LineReader reader;

  TerminalInput(Terminal terminal, Answering answering) {
    this.terminal = terminal;
    reader =
        LineReaderBuilder.builder()
            .terminal(terminal)
            // A question may hold what shells take for a command from the history.
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            .variable(LineReader.DISABLE_COMPLETION, true)
            .build();
    // While a line is read, the reader has a handler of its own.
    terminal.handle(Terminal.Signal.INT, signal -> answering.cancel());
  }

  static TerminalInput open(Answering answering) throws IOException {
    return new TerminalInput(
        TerminalBuilder.builder().system(true).encoding(StandardCharsets.UTF_8).build(), answering);
  }

  /** A first Ctrl-C leaves the line, a second one at an empty line ends the chat. */
  @Override
  public Optional<String> next() {
    boolean leftEmpty = false;
    while (true) {
      try {
        return Optional.of(reader.readLine(PROMPT));
      } catch (EndOfFileException e) {
        requireLife();
        return Optional.empty();
      } catch (IllegalStateException e) {
        // The terminal's own hook may have closed it before the reader was done.
        requireLife();
        throw e;
      } catch (UserInterruptException e) {
        requireLife();
        boolean empty = e.getPartialLine().isEmpty();
        if (empty && leftEmpty) {
          return Optional.empty();
        }
        if (empty) {
          terminal.writer().println("Ctrl-C again, Ctrl-D or /quit ends the chat.");
          terminal.flush();
        }
        leftEmpty = empty;
      }
    }
  }

  /** The reader takes the interrupt that comes with the end of the process for a Ctrl-C. */
  private static void requireLife() {
    if (Interruption.isEnding()) {
      throw new CancelledException("interrupted");
    }
  }

  @Override
  public void close() throws IOException {
    terminal.close();
  }
}
