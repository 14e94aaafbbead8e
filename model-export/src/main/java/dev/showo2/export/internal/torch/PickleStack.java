package dev.showo2.export.internal.torch;

import dev.showo2.error.InvalidModelException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The stack and the memo of an unpickler, both bounded. */
final class PickleStack {

  /** Python's pickler hands over dicts in groups of 1000, so real stacks stay near 2000. */
  private static final int MAX_DEPTH = 100_000;

  private static final int MAX_MEMO = 1 << 20;

  /** A tensor takes about 30 values; keeps the memory for a crafted pickle to some 100 MB. */
  private static final int MAX_VALUES = 1 << 21;

  private final Function<String, InvalidModelException> invalid;
  private final List<Object> values = new ArrayList<>();
  private final Map<Integer, Object> memo = new HashMap<>();
  private int pushed;

  PickleStack(Function<String, InvalidModelException> invalid) {
    this.invalid = invalid;
  }

  int depth() {
    return values.size();
  }

  void push(Object value) {
    if (values.size() == MAX_DEPTH) {
      throw invalid.apply("more than " + MAX_DEPTH + " values on its stack");
    }
    if (++pushed > MAX_VALUES) {
      throw invalid.apply("more than " + MAX_VALUES + " values");
    }
    values.add(value);
  }

  Object pop() {
    Object top = peek();
    values.remove(values.size() - 1);
    return top;
  }

  Object peek() {
    Object top = values.isEmpty() ? PickleValue.MARK : values.get(values.size() - 1);
    if (top == PickleValue.MARK) {
      throw invalid.apply("an opcode that takes more values than there are");
    }
    return top;
  }

  <T> T pop(Class<T> type, String expected) {
    return require(pop(), type, expected);
  }

  <T> T peek(Class<T> type, String expected) {
    return require(peek(), type, expected);
  }

  private <T> T require(Object value, Class<T> type, String expected) {
    if (!type.isInstance(value)) {
      throw invalid.apply("something else where " + expected + " is expected");
    }
    return type.cast(value);
  }

  /** The top values, in the order in which they were pushed. */
  List<Object> pop(int count) {
    Object[] items = new Object[count];
    for (int i = count - 1; i >= 0; i--) {
      items[i] = pop();
    }
    return List.of(items);
  }

  /** All values above the last mark, and the mark itself. */
  List<Object> popToMark() {
    int mark = values.lastIndexOf(PickleValue.MARK);
    if (mark < 0) {
      throw invalid.apply("a group of values without a beginning");
    }
    List<Object> group = values.subList(mark + 1, values.size());
    List<Object> items = List.copyOf(group);
    group.clear();
    values.remove(mark);
    return items;
  }

  /** Remembers the top under the next free index. */
  void memoize() {
    remember(memo.size());
  }

  /** Remembers the top. */
  void remember(int index) {
    if (memo.size() == MAX_MEMO) {
      throw invalid.apply("more than " + MAX_MEMO + " remembered values");
    }
    memo.put(index, peek());
  }

  void recall(int index) {
    Object value = memo.get(index);
    if (value == null) {
      throw invalid.apply("a reference to the value " + index + " that was never remembered");
    }
    push(value);
  }
}
