package dev.showo2.conformance.wrapper;

import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The tensors, caches and streams that somebody still has to close. Thread-safe. */
final class Handles {

  private final Map<AutoCloseable, Entry> open = new IdentityHashMap<>();
  private long opened;

  private record Entry(Handle handle, long number) {}

  /** Whether it was added: one that is open already is not. */
  synchronized boolean add(Handle handle) {
    return open.putIfAbsent(handle.real(), new Entry(handle, opened++)) == null;
  }

  synchronized void remove(Handle handle) {
    // A backend may hand out a closed object anew, while its earlier wrapper is closed once more.
    open.computeIfPresent(handle.real(), (real, entry) -> entry.handle() == handle ? null : entry);
  }

  synchronized int count() {
    return open.size();
  }

  /**
   * @throws AssertionError if anything is open, with where the first of it was opened
   */
  void requireNone(String call) {
    List<Handle> left = inOrder();
    if (left.isEmpty()) {
      return;
    }
    String found =
        left.stream()
            .collect(
                Collectors.groupingBy(Handle::toString, LinkedHashMap::new, Collectors.counting()))
            .entrySet()
            .stream()
            .map(each -> each.getValue() + " x " + each.getKey())
            .collect(Collectors.joining(", "));
    AssertionError error =
        Side.CALLER.broke(call, "nothing left open", left.size() + " left open: " + found);
    error.initCause(left.get(0).opening());
    throw error;
  }

  private synchronized List<Handle> inOrder() {
    return open.values().stream()
        .sorted(Comparator.comparingLong(Entry::number))
        .map(Entry::handle)
        .toList();
  }
}
