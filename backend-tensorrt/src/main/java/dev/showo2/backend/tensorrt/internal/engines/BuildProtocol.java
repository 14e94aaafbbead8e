package dev.showo2.backend.tensorrt.internal.engines;

import dev.showo2.error.BackendException;
import dev.showo2.error.CancelledException;
import dev.showo2.error.InsufficientMemoryException;
import dev.showo2.error.InvalidModelException;
import dev.showo2.error.InvalidRequestException;
import dev.showo2.error.ShowO2Exception;
import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.natives.internal.NativeLoading;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;

/**
 * The lines that {@link BuildProgram} tells the process that started it: each a mark, a word and a
 * text. Other lines on its standard output are those of native libraries.
 */
final class BuildProtocol {

  private static final String MARK = "showo2-engine ";

  /** Characters of a text that are kept. */
  private static final int TEXT_LIMIT = 4000;

  /** The kinds of lines. */
  enum Word {
    /** The text says what is being done. */
    PROGRESS,
    /** The plan is written; the text is empty. */
    DONE,
    /** The library refuses the graph, or the options. */
    UNSUPPORTED,
    /** The graph is none. */
    INVALID,
    /** The GPU or the JVM has too little memory. */
    MEMORY,
    /** A file could not be read or written. */
    FILES,
    /** Anything else went wrong. */
    FAILED
  }

  /**
   * A line.
   *
   * @param text of one line
   */
  record Line(Word word, String text) {

    Line {
      String plain = text.replaceAll("\\R+", " ").strip();
      text = plain.length() <= TEXT_LIMIT ? plain : plain.substring(0, TEXT_LIMIT) + "...";
    }

    @Override
    public String toString() {
      return MARK + word.name().toLowerCase(Locale.ROOT) + " " + text;
    }

    /** {@return empty for a line of somebody else} */
    static Optional<Line> parse(String line) {
      if (line.startsWith(MARK)) {
        String[] parts = line.substring(MARK.length()).split(" ", 2);
        for (Word word : Word.values()) {
          if (parts[0].equals(word.name().toLowerCase(Locale.ROOT))) {
            return Optional.of(new Line(word, parts.length == 2 ? parts[1] : ""));
          }
        }
      }
      return Optional.empty();
    }
  }

  private BuildProtocol() {}

  /** The last line of a build that failed. */
  static Line failure(Throwable failure) {
    Word word = Word.FAILED;
    if (failure instanceof UnsupportedFeatureException
        || failure instanceof InvalidRequestException) {
      word = Word.UNSUPPORTED;
    } else if (failure instanceof InvalidModelException) {
      word = Word.INVALID;
    } else if (failure instanceof InsufficientMemoryException
        || failure instanceof OutOfMemoryError) {
      word = Word.MEMORY;
    }
    if (failure instanceof IOException) {
      return new Line(Word.FILES, NativeLoading.reason(failure));
    }
    String message = failure.getMessage();
    return new Line(
        word, failure instanceof ShowO2Exception && message != null ? message : failure.toString());
  }

  /**
   * The exception that a build failed with.
   *
   * @param graph file name
   * @param end the last lines of other output; may be empty
   */
  static ShowO2Exception exception(Line line, String graph, String end) {
    String message = "no engine can be built of " + graph + ": " + line.text() + end;
    return switch (line.word()) {
      case UNSUPPORTED -> new UnsupportedFeatureException(message);
      case INVALID -> new InvalidModelException(message);
      case MEMORY -> new InsufficientMemoryException(message);
      default -> new BackendException(message);
    };
  }

  /** The exception of a build that was cancelled. */
  static CancelledException cancelled(String graph) {
    return new CancelledException("cancelled while an engine of " + graph + " was built");
  }
}
