package dev.showo2.backend.tensorrt;

import dev.showo2.backend.tensorrt.internal.device.DeviceMemory;
import dev.showo2.backend.tensorrt.internal.device.DeviceStream;
import dev.showo2.backend.tensorrt.internal.device.DeviceStream.Recording;
import dev.showo2.backend.tensorrt.internal.device.DeviceStream.Rows;
import dev.showo2.backend.tensorrt.internal.device.Engine;
import dev.showo2.backend.tensorrt.internal.device.EngineCall;
import dev.showo2.spi.support.BackendLifetime;
import dev.showo2.spi.support.Closer;
import dev.showo2.spi.support.DirectBufferPool;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The one stream of a backend. Each call takes it for itself; what it enqueues runs in order, so
 * that a result may be handed on before it is there. Buffers of uploads are kept until the GPU has
 * read them. Thread-safe.
 */
final class DeviceQueue implements AutoCloseable {

  /** So that uploads nobody waits for do not pile up. */
  private static final long MOST_PENDING_BYTES = 64L << 20;

  private final DeviceStream stream;
  private final BackendLifetime lifetime;
  private final DirectBufferPool pool = new DirectBufferPool();
  private final Set<DeviceMemory> open = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<Recording> recordings = Collections.newSetFromMap(new IdentityHashMap<>());
  private final List<ByteBuffer> pending = new ArrayList<>();
  private long pendingBytes;

  /** Buffers of the recording in progress, which stay; null outside one. */
  private List<ByteBuffer> recorded;

  DeviceQueue(DeviceStream stream, BackendLifetime lifetime) {
    this.stream = stream;
    this.lifetime = lifetime;
  }

  /** Makes several calls that no other thread gets between. */
  synchronized <T> T inOrder(Supplier<T> calls) {
    return calls.get();
  }

  /** Memory that is freed by {@link #free}, or with the queue, or with the recording it is for. */
  synchronized DeviceMemory allocate(long bytes) {
    DeviceMemory memory = stream.allocate(bytes);
    if (recorded == null) {
      open.add(memory);
    }
    return memory;
  }

  /** Memory with the bytes that a buffer of the host is filled with. */
  synchronized DeviceMemory upload(long bytes, HostFill fill) {
    DeviceMemory memory = allocate(bytes);
    try {
      upload(memory, fill);
      return memory;
    } catch (Throwable e) {
      free(memory);
      throw e;
    }
  }

  /** Fills memory with the bytes that a buffer of the host is filled with. */
  synchronized void upload(DeviceMemory memory, HostFill fill) {
    ByteBuffer buffer = pool.take(memory.bytes());
    try {
      fill.fill(buffer.duplicate().order(buffer.order()));
      stream.upload(buffer.duplicate().order(buffer.order()), memory);
    } catch (Throwable e) {
      pool.giveBack(buffer);
      throw e;
    }
    if (recorded != null) {
      recorded.add(buffer);
      return;
    }
    pending.add(buffer);
    pendingBytes += memory.bytes();
    if (pendingBytes > MOST_PENDING_BYTES) {
      synchronize();
    }
  }

  /** Tells whether calls are recorded now. */
  synchronized boolean isRecording() {
    return recorded != null;
  }

  /** Records calls, as {@link DeviceStream#record} says; the caller closes the recording. */
  synchronized Recording record(Runnable calls) {
    List<ByteBuffer> buffers = new ArrayList<>();
    recorded = buffers;
    Recording recording;
    try {
      recording = stream.record(calls);
    } catch (Throwable e) {
      buffers.forEach(pool::giveBack);
      throw e;
    } finally {
      recorded = null;
    }
    recordings.add(recording);
    return new Recording() {
      @Override
      public void launch() {
        recording.launch();
      }

      @Override
      public void close() {
        synchronized (DeviceQueue.this) {
          if (recordings.remove(recording) && !lifetime.isCancelled()) {
            // A launch may still read them.
            synchronize();
            recording.close();
            buffers.forEach(pool::giveBack);
          }
        }
      }
    };
  }

  /** Writes the bytes of an upload. */
  @FunctionalInterface
  interface HostFill {

    /**
     * @param buffer direct, in native order
     */
    void fill(ByteBuffer buffer);
  }

  /** Reads memory, after all that was enqueued before is done. */
  synchronized void download(DeviceMemory memory, long bytes, HostFill reader) {
    ByteBuffer buffer = pool.take(bytes);
    try {
      stream.download(memory, buffer.duplicate().order(buffer.order()));
      synchronize();
      reader.fill(buffer.duplicate().order(buffer.order()));
    } finally {
      pool.giveBack(buffer);
    }
  }

  synchronized void clear(Rows rows, long width, long count) {
    stream.clear(rows, width, count);
  }

  synchronized void copy(Rows source, Rows target, long width, long count) {
    stream.copy(source, target, width, count);
  }

  synchronized void enqueue(Engine engine, EngineCall call) {
    stream.enqueue(engine, call);
  }

  synchronized void synchronize() {
    stream.synchronize();
    pending.forEach(pool::giveBack);
    pending.clear();
    pendingBytes = 0;
  }

  /** Frees memory, unless the process ends, and its memory with it. */
  synchronized void free(DeviceMemory memory) {
    if (open.remove(memory) && !lifetime.isCancelled()) {
      memory.close();
    }
  }

  /** Frees what is still there: tensors may be closed after their backend. */
  @Override
  public synchronized void close() {
    try (Closer closer = new Closer()) {
      closer.add(stream);
      open.forEach(closer::add);
      recordings.forEach(closer::add);
      recordings.clear();
      open.clear();
      pending.clear();
    }
  }
}
