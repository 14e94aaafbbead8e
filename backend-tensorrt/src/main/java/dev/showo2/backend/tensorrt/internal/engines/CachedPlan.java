package dev.showo2.backend.tensorrt.internal.engines;

import dev.showo2.natives.internal.SealedFolder;
import java.nio.ByteBuffer;
import java.util.List;
import org.apiguardian.api.API;

/** A plan in the cache, which stays there at least until this is closed. Thread-safe. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class CachedPlan implements AutoCloseable {

  private final SealedFolder.Entry entry;

  CachedPlan(SealedFolder.Entry entry) {
    this.entry = entry;
  }

  /** The bytes of the plan, direct and in order; more than one part if it has over 1 GiB. */
  public List<ByteBuffer> parts() {
    return entry.parts();
  }

  /** Allows the cache to delete the plan; a second call does nothing. */
  @Override
  public void close() {
    entry.close();
  }
}
