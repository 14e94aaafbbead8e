package dev.showo2.backend.tensorrt.emulation;

import dev.showo2.backend.tensorrt.internal.device.DeviceMemory;
import dev.showo2.backend.tensorrt.internal.device.DeviceStream;
import dev.showo2.backend.tensorrt.internal.device.Engine;
import dev.showo2.backend.tensorrt.internal.device.EngineCall;
import dev.showo2.backend.tensorrt.internal.device.EngineCall.Binding;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Calls that wait until somebody waits for them. */
final class EmulatedStream implements DeviceStream {

  /** A GPU does not wait forever either. */
  private static final int MOST_WAITING = 4096;

  private final EmulatedRunner runner;
  private final Deque<Runnable> waiting = new ArrayDeque<>();
  private Recorded recording;
  private boolean closed;

  EmulatedStream(EmulatedRunner runner) {
    this.runner = runner;
  }

  private void enqueue(Runnable call) {
    if (closed) {
      throw new IllegalStateException("a stream is used after it was closed");
    }
    if (recording != null) {
      recording.calls.add(call);
      return;
    }
    waiting.add(call);
    if (waiting.size() > MOST_WAITING) {
      work();
    }
  }

  private void work() {
    while (!waiting.isEmpty()) {
      waiting.poll().run();
    }
  }

  @Override
  public DeviceMemory allocate(long bytes) {
    EmulatedMemory memory = new EmulatedMemory(this, bytes);
    runner.memoryOpened();
    if (recording != null) {
      recording.memories.add(memory);
    }
    return memory;
  }

  void freed(EmulatedMemory memory) {
    if (recording != null) {
      if (!recording.memories.contains(memory)) {
        throw new IllegalStateException("a recording frees memory that is not its own");
      }
      return;
    }
    runner.memoryClosed();
    enqueue(memory::poison);
  }

  @Override
  public void clear(Rows rows, long width, long count) {
    EmulatedMemory memory = checked(rows, width, count);
    enqueue(
        () -> {
          for (long row = 0; row < count; row++) {
            EmulatedMemory.fill(memory.bytes(rows.offset() + row * rows.pitch(), width), (byte) 0);
          }
        });
  }

  private static EmulatedMemory checked(Rows rows, long width, long count) {
    if (width < 1 || count < 1 || width > rows.pitch()) {
      throw new IllegalStateException(
          "rows of " + width + " bytes, " + count + " of them, at " + rows.pitch());
    }
    return of(rows.memory()).checked(rows.offset() + (count - 1) * rows.pitch() + width);
  }

  private static EmulatedMemory of(DeviceMemory memory) {
    return (EmulatedMemory) memory;
  }

  @Override
  public void upload(ByteBuffer source, DeviceMemory target) {
    requireDirect(source);
    EmulatedMemory memory = of(target).checked(source.remaining());
    ByteBuffer later = source.slice();
    enqueue(() -> memory.bytes(0, later.capacity()).put(later.duplicate()));
  }

  @Override
  public void download(DeviceMemory source, ByteBuffer target) {
    requireDirect(target);
    EmulatedMemory memory = of(source).checked(target.remaining());
    ByteBuffer later = target.slice();
    // Whoever does not wait reads this.
    EmulatedMemory.fill(later.duplicate(), (byte) 0xFF);
    enqueue(() -> later.duplicate().put(memory.bytes(0, later.capacity())));
  }

  private static void requireDirect(ByteBuffer buffer) {
    if (!buffer.isDirect()) {
      throw new IllegalStateException("the GPU reads and writes direct buffers only");
    }
  }

  @Override
  public void copy(Rows source, Rows target, long width, long count) {
    EmulatedMemory from = checked(source, width, count);
    EmulatedMemory to = checked(target, width, count);
    enqueue(
        () -> {
          for (long row = 0; row < count; row++) {
            to.bytes(target.offset() + row * target.pitch(), width)
                .put(from.bytes(source.offset() + row * source.pitch(), width));
          }
        });
  }

  @Override
  public void enqueue(Engine engine, EngineCall call) {
    EmulatedEngine emulated = (EmulatedEngine) engine;
    emulated.check(call);
    for (Binding output : call.outputs().values()) {
      if (call.inputs().values().stream().anyMatch(in -> in.memory() == output.memory())) {
        throw new IllegalStateException("an output is written to the memory of an input");
      }
    }
    enqueue(() -> emulated.run(call));
  }

  @Override
  public Recording record(Runnable calls) {
    Recorded recorded = new Recorded();
    recording = recorded;
    try {
      calls.run();
    } catch (Throwable e) {
      recording = null;
      recorded.close();
      throw e;
    }
    recording = null;
    return recorded;
  }

  private final class Recorded implements Recording {

    private final List<Runnable> calls = new ArrayList<>();
    private final List<EmulatedMemory> memories = new ArrayList<>();
    private boolean ended;

    @Override
    public void launch() {
      if (ended) {
        throw new IllegalStateException("a recording is launched after it was closed");
      }
      runner.launched();
      calls.forEach(EmulatedStream.this::enqueue);
    }

    @Override
    public void close() {
      if (ended) {
        throw new IllegalStateException("a recording is closed twice");
      }
      ended = true;
      for (EmulatedMemory memory : memories) {
        runner.memoryClosed();
        enqueue(memory::poison);
      }
    }
  }

  @Override
  public void synchronize() {
    if (recording != null) {
      throw new IllegalStateException("a recording waits for the GPU");
    }
    work();
  }

  @Override
  public void close() {
    if (closed) {
      throw new IllegalStateException("a stream is closed twice");
    }
    work();
    closed = true;
    runner.streamClosed();
  }
}
