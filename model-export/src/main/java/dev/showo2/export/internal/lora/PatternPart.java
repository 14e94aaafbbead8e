package dev.showo2.export.internal.lora;

import java.util.BitSet;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * A part of a pattern. All ways to match are followed at once, as sets of positions, so that the
 * work is at most the length of the pattern times that of the text.
 */
@FunctionalInterface
interface PatternPart {

  PatternPart START = (text, starts) -> only(starts, 0);

  PatternPart END = (text, starts) -> only(starts, text.length());

  /**
   * @param starts positions, 0 to the length of the text, at which the part may begin; not changed
   * @return where it can end
   */
  BitSet ends(PatternText text, BitSet starts);

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
