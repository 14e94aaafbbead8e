package dev.showo2.samples.cli;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds out whether a stream belongs to a terminal, and makes text safe for it. */
final class Terminal {

  static final int STANDARD_INPUT = 0;
  static final int STANDARD_OUTPUT = 1;
  static final int STANDARD_ERROR = 2;

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
