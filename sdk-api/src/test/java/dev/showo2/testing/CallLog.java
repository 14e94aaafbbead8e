package dev.showo2.testing;

import dev.showo2.error.BackendException;
import dev.showo2.spi.support.BackendLifetime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * The calls of a fake backend, its open resources, and the call at which it shall fail.
 * Thread-safe.
 */
public final class CallLog {

  private final BackendLifetime lifetime = new BackendLifetime("fake");
  private final List<String> calls = new ArrayList<>();
  private final Set<Object> open = Collections.newSetFromMap(new IdentityHashMap<>());
  private int failAt = -1;
  private int mostOpen;

  /** The lifetime of the backend that is watched. */
  public BackendLifetime lifetime() {
    return lifetime;
  }

  /** Lets the call of this index fail, counted from 0 over all calls. */
  public synchronized void failAt(int index) {
    failAt = index;
  }

  /** Notes a call, which may be the one that fails. */
  public synchronized void call(String what) {
    calls.add(what);
    if (calls.size() - 1 == failAt) {
      throw new BackendException("told to fail at " + what);
    }
  }

  /** Notes a resource that has to be closed. */
  public synchronized <T> T opened(T resource) {
    open.add(resource);
    mostOpen = Math.max(mostOpen, open.size());
    return resource;
  }

  public synchronized void closed(Object resource) {
    open.remove(resource);
  }

  public synchronized void requireOpen(Object resource) {
    if (!open.contains(resource)) {
      throw new AssertionError("used after it was closed: " + resource);
    }
  }

  /** All calls in their order. */
  public synchronized List<String> calls() {
    return List.copyOf(calls);
  }

  /** Those calls whose description begins like this. */
  public List<String> calls(String beginning) {
    return calls().stream().filter(call -> call.startsWith(beginning)).toList();
  }

  public int count(String beginning) {
    return calls(beginning).size();
  }

  /** The largest number of resources that were open at once. */
  public synchronized int mostOpen() {
    return mostOpen;
  }

  /** Resources that nobody closed. */
  public synchronized int stillOpen() {
    return open.size();
  }
}
