package dev.showo2.pipeline;

import dev.showo2.error.InvalidRequestException;
import java.util.Objects;
import java.util.OptionalLong;
import org.apiguardian.api.API;

/**
 * The rules by which requests that run at the same time share a model. They take turns: one
 * computes at a time, for one step, that is one token, one evaluation of the velocity or one image
 * through the VAE. The next turn is that of the client that has had the least time so far, so that
 * a long video delays the next token of a chat by one step. Results do not depend on the turns.
 *
 * <p>A request that the model has no place for waits; of those that wait, the next is of the client
 * with the fewest running requests. Beyond the places to wait, requests fail at once with {@link
 * dev.showo2.error.OverloadedException}.
 *
 * <p>Immutable and thread-safe.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class Scheduling {

  /** 16 requests run, 64 wait, and their number alone bounds memory. */
  public static final Scheduling DEFAULTS = builder().build();

  private final int running;
  private final int waiting;
  private final OptionalLong memory;

  private Scheduling(Builder builder) {
    running = requireAtLeast("running", 1, builder.running);
    waiting = requireAtLeast("waiting", 0, builder.waiting);
    memory = builder.memory;
    memory.ifPresent(bytes -> requireAtLeast("memory", 1, bytes));
  }

  private static <N extends Number> N requireAtLeast(String name, int least, N found) {
    if (found.longValue() < least) {
      throw new InvalidRequestException(
          name + ": at least " + least + " is needed, found " + found);
    }
    return found;
  }

  /** {@return a builder with the settings of {@link #DEFAULTS}} */
  public static Builder builder() {
    return new Builder();
  }

  /** {@return a builder with these settings} */
  public Builder toBuilder() {
    Builder builder = new Builder().running(running).waiting(waiting);
    builder.memory = memory;
    return builder;
  }

  /** {@return the most requests that take turns} */
  public int running() {
    return running;
  }

  /** {@return the most requests that wait to be among them} */
  public int waiting() {
    return waiting;
  }

  /** {@return the most bytes that running requests may hold between their turns; empty for any} */
  public OptionalLong memory() {
    return memory;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Scheduling scheduling
        && running == scheduling.running
        && waiting == scheduling.waiting
        && memory.equals(scheduling.memory);
  }

  @Override
  public int hashCode() {
    return Objects.hash(running, waiting, memory);
  }

  @Override
  public String toString() {
    return "Scheduling[running="
        + running
        + ", waiting="
        + waiting
        + ", memory="
        + (memory.isPresent() ? memory.getAsLong() : "unlimited")
        + "]";
  }

  /** Collects the settings of a {@link Scheduling}. Not thread-safe. */
  @API(status = API.Status.MAINTAINED, since = "0.1")
  public static final class Builder {

    private int running = 16;
    private int waiting = 64;
    private OptionalLong memory = OptionalLong.empty();

    private Builder() {}

    /**
     * Sets how many requests take turns; each holds its KV caches. Default: 16.
     *
     * @param requests at least 1; with 1, requests run one after the other
     * @return this builder
     */
    public Builder running(int requests) {
      running = requests;
      return this;
    }

    /**
     * Sets how many requests wait for a place. Default: 64.
     *
     * @param requests 0 or more
     * @return this builder
     */
    public Builder waiting(int requests) {
      waiting = requests;
      return this;
    }

    /**
     * Sets how much memory running requests may hold between their turns: KV caches, latents and
     * images, estimated from what a request asks for before it runs. What the engine needs for a
     * step comes on top, once, and so do the caches of conversations between two questions. A
     * request that needs more than that alone fails with {@link
     * dev.showo2.error.InsufficientMemoryException}. Default: no limit.
     *
     * @param bytes at least 1
     * @return this builder
     */
    public Builder memory(long bytes) {
      memory = OptionalLong.of(bytes);
      return this;
    }

    /**
     * Builds the settings.
     *
     * @return the settings
     * @throws InvalidRequestException if one is out of its range
     */
    public Scheduling build() {
      return new Scheduling(this);
    }
  }
}
