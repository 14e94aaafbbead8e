package dev.showo2.samples.cli;

import java.io.Console;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Finds out whether a stream belongs to a terminal, and makes text safe for it. */
final class Terminal {

  static final int STANDARD_INPUT = 0;
  static final int STANDARD_OUTPUT = 1;
  static final int STANDARD_ERROR = 2;

  private static final int USUAL_COLUMNS = 80;
  private static final int STTY_SECONDS = 2;

  private Terminal() {}

  static boolean isAt(int descriptor) {
    if ("dumb".equals(System.getenv("TERM"))) {
      return false;
    }
    Path link = Path.of("/proc/self/fd", Integer.toString(descriptor));
    if (Files.isSymbolicLink(link)) {
      try {
        String device = Files.readSymbolicLink(link).toString();
        return device.startsWith("/dev/pts/") || device.startsWith("/dev/tty");
      } catch (IOException e) {
        return false;
      }
    }
    return isConsole();
  }

  /**
   * The width of the terminal. It is asked of {@code stty}, which every system with terminals of
   * this kind has; a library for it would unpack a native part first.
   *
   * @return columns, {@value #USUAL_COLUMNS} where nobody can tell
   */
  static int columns() {
    Path terminal = Path.of("/dev/tty");
    if (!Files.exists(terminal)) {
      return USUAL_COLUMNS;
    }
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(terminal.toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      try {
        if (!stty.waitFor(STTY_SECONDS, TimeUnit.SECONDS)) {
          return USUAL_COLUMNS;
        }
        return columns(new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
      } finally {
        stty.destroyForcibly();
      }
    } catch (IOException e) {
      return USUAL_COLUMNS;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return USUAL_COLUMNS;
    }
  }

  /**
   * @param size lines and columns, as {@code stty size} prints them
   */
  static int columns(String size) {
    String[] numbers = size.strip().split(" ");
    try {
      int columns = Integer.parseInt(numbers[numbers.length - 1]);
      // A terminal that was not told its size has 0.
      return numbers.length == 2 && columns > 0 ? columns : USUAL_COLUMNS;
    } catch (NumberFormatException e) {
      return USUAL_COLUMNS;
    }
  }

  /** All that Java tells: whether input and output together are at a terminal. */
  private static boolean isConsole() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      // From Java 22 on there is a console without a terminal as well.
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException e) {
      return true;
    }
  }

  /** Without what would steer a terminal; what is in an image may make a model write anything. */
  static String printable(String text) {
    return text.replaceAll("[\\p{Cc}&&[^\\n\\t]]", "\ufffd");
  }
}
