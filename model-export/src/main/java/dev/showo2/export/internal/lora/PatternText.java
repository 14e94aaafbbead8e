package dev.showo2.export.internal.lora;

import java.util.BitSet;
import java.util.function.IntConsumer;

/**
 * The path of a module, as patterns see it.
 *
 * @param steps is told how much work is about to be done, and may refuse it
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
