package dev.showo2.conformance.fault;

import dev.showo2.stage.KvCache;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** A cache whose forks are itself; the last of them to be closed frees it. */
final class SharedCache extends CacheAround {

  private final KvCache right;
  private final AtomicInteger users;
  private final AtomicBoolean open = new AtomicBoolean(true);

  SharedCache(KvCache right) {
    this(right, new AtomicInteger());
  }

  private SharedCache(KvCache right, AtomicInteger users) {
    super(right);
    this.right = right;
    this.users = users;
    users.incrementAndGet();
  }

  @Override
  public KvCache fork() {
    return new SharedCache(right, users);
  }

  @Override
  public void close() {
    if (open.getAndSet(false) && users.decrementAndGet() == 0) {
      super.close();
    }
  }
}
