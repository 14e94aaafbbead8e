package dev.showo2.samples.cli;

import dev.showo2.error.CancelledException;
import dev.showo2.error.InvalidRequestException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.SynchronousQueue;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.Signals;

/** The source of the lines of a chat. Not thread-safe. */
interface ChatInput extends AutoCloseable {

  /**
   * The next line, without its end; none when there will be no more.
   *
   * @throws dev.showo2.error.CancelledException if the process is about to end
   */
  Optional<String> next() throws IOException;

  @Override
  void close() throws IOException;

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
          TerminalBuilder.builder().system(true).encoding(StandardCharsets.UTF_8).build(),
          answering);
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

  /**
   * Lines from a file or another program. They are read by a thread of their own: a read of
   * standard input cannot be interrupted, and the end of the process should not have to wait for
   * it.
   */
  final class StreamInput implements ChatInput {

    /** Far longer than any question that a model takes. */
    private static final int LONGEST = 1 << 20;

    private static final String INTERRUPT = "INT";

    private final SynchronousQueue<Line> lines = new SynchronousQueue<>();
    private final Thread reading;
    private final Object handlerBefore;
    private boolean ended;

    /** A line, the end of all lines, or what is wrong. */
    private record Line(Optional<String> text, Optional<Exception> failure) {}

    private StreamInput(InputStream in, Answering answering) {
      reading = new Thread(() -> read(in), "showo2-input");
      reading.setDaemon(true);
      handlerBefore =
          Signals.register(
              INTERRUPT,
              () -> {
                if (!answering.cancel()) {
                  // As it would without a handler: the hook then ends the work cleanly.
                  System.exit(ExitCode.INTERRUPTED);
                }
              });
    }

    static StreamInput open(InputStream in, Answering answering) {
      StreamInput input = new StreamInput(in, answering);
      input.reading.start();
      return input;
    }

    private void read(InputStream in) {
      Reader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
      try {
        Line line;
        do {
          line = line(reader);
          lines.put(line);
        } while (line.text().isPresent());
      } catch (InterruptedException e) {
        // Nobody wants any more.
      }
    }

    private static Line line(Reader reader) {
      StringBuilder text = new StringBuilder();
      try {
        for (int c = reader.read(); c != '\n'; c = reader.read()) {
          if (c < 0) {
            return new Line(
                text.isEmpty() ? Optional.empty() : Optional.of(text.toString()), Optional.empty());
          }
          if (text.length() == LONGEST) {
            throw new InvalidRequestException(
                "question: a line of up to " + LONGEST + " characters is read, found a longer one");
          }
          text.append((char) c);
        }
      } catch (IOException | InvalidRequestException e) {
        return new Line(Optional.empty(), Optional.of(e));
      }
      return new Line(Optional.of(text.toString()), Optional.empty());
    }

    @Override
    public Optional<String> next() throws IOException {
      if (ended) {
        return Optional.empty();
      }
      Line line;
      try {
        line = lines.take();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CancelledException("interrupted");
      }
      ended = line.text().isEmpty();
      if (line.failure().isPresent()) {
        if (line.failure().get() instanceof IOException disk) {
          throw disk;
        }
        throw (InvalidRequestException) line.failure().get();
      }
      return line.text();
    }

    @Override
    public void close() {
      Signals.unregister(INTERRUPT, handlerBefore);
      reading.interrupt();
    }
  }
}
