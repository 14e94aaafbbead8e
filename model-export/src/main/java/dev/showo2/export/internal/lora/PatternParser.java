package dev.showo2.export.internal.lora;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;
import java.util.regex.PatternSyntaxException;

/** Reads what patterns of module paths are made of. It means what it does in Python. */
final class PatternParser {

  /** For messages. */
  static final String ACCEPTED =
      "literal characters, escapes such as \\. and \\d, . and classes such as [0-9], each of them"
          + " followed by +, * or ? or not; groups that are not repeated; |, ^ and $";

  private final String pattern;
  private int next;

  private PatternParser(String pattern) {
    this.pattern = pattern;
  }

  /**
   * @throws PatternSyntaxException if it has something that is not {@link #ACCEPTED}
   */
  static PatternPart parse(String pattern) {
    PatternParser parser = new PatternParser(pattern);
    PatternPart whole = parser.branches();
    if (parser.next < pattern.length()) {
      throw parser.refused("a ) without its (");
    }
    return whole;
  }

  private PatternPart branches() {
    List<PatternPart> branches = new ArrayList<>(List.of(sequence()));
    while (take("|")) {
      branches.add(sequence());
    }
    return branches.size() == 1 ? branches.get(0) : PatternPart.anyOf(branches);
  }

  private PatternPart sequence() {
    List<PatternPart> parts = new ArrayList<>();
    while (next < pattern.length() && !isAt("|") && !isAt(")")) {
      parts.add(part());
    }
    return PatternPart.sequence(parts);
  }

  private PatternPart part() {
    char first = read();
    return switch (first) {
      case '(' -> group();
      case '^' -> PatternPart.START;
      case '$' -> PatternPart.END;
      case '+', '*', '?', '{', '}' -> throw refused("a repeat that is not accepted");
      case '.' -> repeated(c -> c != '\n');
      case '[' -> repeated(characterClass());
      case '\\' -> repeated(escape());
      default -> repeated(c -> c == first);
    };
  }

  private PatternPart group() {
    if (!take("?:") && isAt("?")) {
      throw refused("a special group");
    }
    PatternPart inner = branches();
    if (!take(")")) {
      throw refused("a ( without its )");
    }
    return inner;
  }

  private PatternPart repeated(IntPredicate accepted) {
    boolean optional = isAt("*") || isAt("?");
    boolean several = isAt("*") || isAt("+");
    if (optional || several) {
      next++;
      // Whether few or many are tried first does not change what matches.
      take("?");
    }
    return PatternPart.characters(accepted, optional, several);
  }

  private IntPredicate escape() {
    char kind = read();
    return switch (kind) {
      case 'd' -> Character::isDigit;
      case 'D' -> c -> !Character.isDigit(c);
      case 'w' -> PatternParser::isOfAWord;
      case 'W' -> c -> !isOfAWord(c);
      case 's' -> Character::isWhitespace;
      case 'S' -> c -> !Character.isWhitespace(c);
      default -> {
        if (isOfAWord(kind)) {
          throw refused("an escape that is not accepted");
        }
        yield c -> c == kind;
      }
    };
  }

  private static boolean isOfAWord(int c) {
    return Character.isLetterOrDigit(c) || c == '_';
  }

  private IntPredicate characterClass() {
    boolean negated = take("^");
    IntPredicate accepted = classItem();
    while (!take("]")) {
      accepted = accepted.or(classItem());
    }
    return negated ? accepted.negate() : accepted;
  }

  private IntPredicate classItem() {
    boolean escaped = take("\\");
    if (!escaped && isAt("]")) {
      throw refused("an empty class");
    }
    char first = escaped ? '\\' : read();
    IntPredicate item = escaped ? escape() : c -> c == first;
    if (!isAt("-") || isAt("-]")) {
      return item;
    }
    next++;
    char last = read();
    if (escaped || last == '\\' || last < first) {
      throw refused("a range that is not from one character to a later one");
    }
    return c -> c >= first && c <= last;
  }

  private char read() {
    if (next == pattern.length()) {
      throw refused("an end too early");
    }
    return pattern.charAt(next++);
  }

  private boolean isAt(String text) {
    return pattern.startsWith(text, next);
  }

  private boolean take(String text) {
    boolean found = isAt(text);
    next += found ? text.length() : 0;
    return found;
  }

  private PatternSyntaxException refused(String what) {
    return new PatternSyntaxException(what, pattern, next);
  }

  /**
   * The path of a module, as patterns see it.
   *
   * @param steps called with the amount of work that is about to be done; may refuse it
   */
  record PatternText(String text, IntConsumer steps) {

    int length() {
      return text.length();
    }

    char at(int index) {
      return text.charAt(index);
    }

    /** Where a name in the path begins: at its start and after every dot. */
    BitSet names() {
      BitSet names = new BitSet();
      for (int start = 0; start >= 0; start = next(start)) {
        names.set(start);
      }
      return names;
    }

    private int next(int start) {
      int dot = text.indexOf('.', start);
      return dot < 0 ? -1 : dot + 1;
    }

    void count(BitSet positions) {
      steps.accept(1 + positions.cardinality());
    }
  }

  /**
   * A part of a pattern. All ways to match are followed at once, as sets of positions, so that the
   * work is at most the length of the pattern times that of the text.
   */
  @FunctionalInterface
  interface PatternPart {

    PatternPart START = (text, starts) -> only(starts, 0);

    PatternPart END = (text, starts) -> only(starts, text.length());

    /**
     * @param starts positions, 0 to the length of the text, at which the part may begin; not
     *     changed
     * @return where it can end
     */
    BitSet ends(PatternParser.PatternText text, BitSet starts);

    /** A character, or several. */
    static PatternPart characters(IntPredicate accepted, boolean optional, boolean repeated) {
      return (text, starts) -> {
        BitSet ends = new BitSet();
        for (int start = starts.nextSetBit(0); start >= 0; start = starts.nextSetBit(start + 1)) {
          int position = start;
          // An end that is known was already followed from there.
          while (position < text.length()
              && !ends.get(position + 1)
              && accepted.test(text.at(position))) {
            ends.set(++position);
            if (!repeated) {
              break;
            }
          }
        }
        if (optional) {
          ends.or(starts);
        }
        return ends;
      };
    }

    /** One after the other. */
    static PatternPart sequence(List<PatternPart> parts) {
      return (text, starts) -> {
        text.count(starts);
        BitSet positions = starts;
        for (PatternPart part : parts) {
          if (positions.isEmpty()) {
            break;
          }
          positions = part.ends(text, positions);
          text.count(positions);
        }
        return positions;
      };
    }

    /** Any of several. */
    static PatternPart anyOf(List<PatternPart> branches) {
      return (text, starts) -> {
        BitSet ends = new BitSet();
        branches.forEach(branch -> ends.or(branch.ends(text, starts)));
        return ends;
      };
    }

    private static BitSet only(BitSet starts, int position) {
      BitSet ends = new BitSet();
      ends.set(position, starts.get(position));
      return ends;
    }
  }
}
