package dev.showo2.conformance.report;

import java.util.Collections;

/** Markdown in the making. What comes from outside is shown as it is and never read as markup. */
final class MarkdownText {

  /** Underscores within words are none. */
  private static final String MARKUP = "([\\\\`*\\[\\]<>|&#]|(?<!\\w)_|_(?!\\w))";

  private final StringBuilder text = new StringBuilder();

  /** Begins a paragraph, a heading or a block. */
  MarkdownText line(String line) {
    text.append(text.isEmpty() ? "" : "\n").append(line).append('\n');
    return this;
  }

  MarkdownText table(String... heads) {
    text.append('\n');
    cells(heads);
    text.append("|")
        .append(String.join("", Collections.nCopies(heads.length, "---|")))
        .append('\n');
    return this;
  }

  /**
   * @param cells null for an empty one
   */
  MarkdownText row(String... cells) {
    String[] shown = new String[cells.length];
    for (int i = 0; i < cells.length; i++) {
      shown[i] = cells[i] == null ? "" : inline(cells[i]);
    }
    cells(shown);
    return this;
  }

  private void cells(String[] cells) {
    text.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }

  /** Text without markup, on one line, also in a cell. */
  static String inline(String text) {
    return text.replaceAll("\\s*\\R\\s*", " ").replaceAll(MARKUP, "\\\\$1");
  }

  /** A command on a line of its own; nothing in it is markup. */
  static String code(String command) {
    return "    " + command.replaceAll("\\R", " ");
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
