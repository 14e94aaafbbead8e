package dev.showo2.samples.cli;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Keeps what libraries log off the terminal: of the SDK only warnings are shown, of the tokenizer's
 * library only errors. Whoever configures {@code java.util.logging} gets all they ask for.
 */
final class QuietLogs {

  // The log manager holds loggers weakly and would forget their levels.
  private static final List<Logger> KEPT =
      List.of(Logger.getLogger(""), Logger.getLogger("ai.djl"));

  private QuietLogs() {}

  static void install() {
    if (System.getProperty("java.util.logging.config.file") == null
        && System.getProperty("java.util.logging.config.class") == null) {
      KEPT.get(0).setLevel(Level.WARNING);
      KEPT.get(1).setLevel(Level.SEVERE);
    }
  }
}
