package dev.showo2.testing;

import dev.showo2.error.BackendException;
import dev.showo2.spi.support.BackendLifetime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** The calls of a fake backend, its open resources, and the call at which it shall fail. */
public final class CallLog {

  /** Of the backend that is being watched. */
  final BackendLifetime lifetime = new BackendLifetime("fake");

  private final List<String> calls = new ArrayList<>();
  private final Set<Object> open = Collections.newSetFromMap(new IdentityHashMap<>());
  private int failAt = -1;
  private int mostOpen;

  /** Lets the call of this index fail, counted from 0 over all calls. */
  public void failAt(int index) {
    failAt = index;
  }

  void call(String what) {
    calls.add(what);
    if (calls.size() - 1 == failAt) {
      throw new BackendException("told to fail at " + what);
    }
  }

  <T> T opened(T resource) {
    open.add(resource);
    mostOpen = Math.max(mostOpen, open.size());
    return resource;
  }

  void closed(Object resource) {
    open.remove(resource);
  }

  void requireOpen(Object resource) {
    if (!open.contains(resource)) {
      throw new AssertionError("used after it was closed: " + resource);
    }
  }

  /** All calls in their order. */
  public List<String> calls() {
    return List.copyOf(calls);
  }

  /** Those calls whose description begins like this. */
  public List<String> calls(String beginning) {
    return calls.stream().filter(call -> call.startsWith(beginning)).toList();
  }

  public int count(String beginning) {
    return calls(beginning).size();
  }

  /** How many tensors and caches were open at once. */
  public int mostOpen() {
    return mostOpen;
  }

  /** Tensors and caches that nobody closed. */
  public int stillOpen() {
    return open.size();
  }
}
