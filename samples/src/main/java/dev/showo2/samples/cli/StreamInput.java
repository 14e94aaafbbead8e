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
import org.jline.utils.Signals;

/**
 * Lines from a file or another program. They are read by a thread of their own: a read of standard
 * input cannot be interrupted, and the end of the process should not have to wait for it.
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
                // As it would without a handler: the hook then ends the work in order.
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
