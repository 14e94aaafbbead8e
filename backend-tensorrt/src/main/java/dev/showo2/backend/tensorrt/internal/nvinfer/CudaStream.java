package dev.showo2.backend.tensorrt.internal.nvinfer;

import dev.showo2.backend.tensorrt.internal.device.DeviceMemory;
import dev.showo2.backend.tensorrt.internal.device.DeviceStream;
import dev.showo2.backend.tensorrt.internal.device.Engine;
import dev.showo2.backend.tensorrt.internal.device.EngineCall;
import dev.showo2.spi.support.Closer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** A stream of CUDA. Its memory comes and goes in the order of its calls. */
final class CudaStream implements DeviceStream {

  private final CudaDevice device;
  private final Consumer<CudaStream> forget;
  private final long handle;
  private final Set<CudaMemory> memory = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<CudaRecording> recordings = new LinkedHashSet<>();

  /** Buffers of calls that may not be done yet. */
  private final List<ByteBuffer> buffers = new ArrayList<>();

  private CudaRecording recording;
  private boolean open = true;

  CudaStream(CudaDevice device, Consumer<CudaStream> forget) {
    this.device = device;
    this.forget = forget;
    long[] made = new long[1];
    device.check(device.cuda().createStream(made), "making a stream");
    handle = made[0];
  }

  long handle() {
    return handle;
  }

  CudaDevice device() {
    return device;
  }

  boolean isOpen() {
    return open;
  }

  private CudaCalls cuda() {
    requireOpen();
    return device.cuda();
  }

  private void requireOpen() {
    if (!open) {
      throw new IllegalStateException("the stream was used after it was closed");
    }
  }

  @Override
  public DeviceMemory allocate(long bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException("at least 1 byte was expected, found " + bytes);
    }
    CudaCalls cuda = cuda();
    long[] made = new long[1];
    boolean recorded = recording != null;
    // Memory of the stream would become a part of the graph that frees itself after each launch.
    int code = recorded ? cuda.allocate(made, bytes) : cuda.allocateAsync(made, bytes, handle);
    device.check(code, "allocating " + bytes + " bytes");
    try {
      CudaMemory added = new CudaMemory(this, recorded, made[0], bytes);
      if (recorded) {
        recording.own(added);
      } else {
        memory.add(added);
      }
      return added;
    } catch (Throwable e) {
      Closer.closeAfter(e, () -> free(recorded, made[0]));
      throw e;
    }
  }

  void requireClosable(CudaMemory closing) {
    if (recording != null && !closing.recorded()) {
      throw new IllegalStateException(
          "memory from before a recording cannot be closed in it: every launch would free it");
    }
  }

  /** Frees memory that is closed, unless it is a recording's or went with the stream. */
  void release(CudaMemory closed) {
    if (memory.remove(closed)) {
      free(false, closed.owned());
    }
  }

  private void free(boolean recorded, long address) {
    CudaCalls cuda = device.toFree();
    int code = recorded ? cuda.free(address) : cuda.freeAsync(address, handle);
    device.check(code, "freeing memory");
  }

  @Override
  public void clear(Rows rows, long width, long count) {
    CudaCalls cuda = cuda();
    if (width == 0 || count == 0) {
      return;
    }
    CudaCalls.Region region = region(rows, width, count);
    // Rows without gaps may be longer than CUDA allows for the distance of rows.
    int code =
        isContiguous(rows, width, count)
            ? cuda.clear(region.address(), width * count, handle)
            : cuda.clearRows(region, width, count, handle);
    device.check(code, "clearing memory");
  }

  @Override
  public void copy(Rows source, Rows target, long width, long count) {
    CudaCalls cuda = cuda();
    if (width == 0 || count == 0) {
      return;
    }
    CudaCalls.Region from = region(source, width, count);
    CudaCalls.Region to = region(target, width, count);
    int code =
        isContiguous(source, width, count) && isContiguous(target, width, count)
            ? cuda.copy(to.address(), from.address(), width * count, handle)
            : cuda.copyRows(to, from, width, count, handle);
    device.check(code, "copying memory");
  }

  private static boolean isContiguous(Rows rows, long width, long count) {
    return count == 1 || rows.pitch() == width;
  }

  private CudaCalls.Region region(Rows rows, long width, long count) {
    if (width < 0 || count < 0 || rows.offset() < 0 || rows.pitch() < width) {
      throw new IllegalArgumentException(
          "rows within a memory were expected, found "
              + count
              + " of "
              + width
              + " bytes, "
              + rows.pitch()
              + " apart, from "
              + rows.offset());
    }
    long end =
        Math.addExact(
            Math.addExact(rows.offset(), Math.multiplyExact(rows.pitch(), count - 1)), width);
    return new CudaCalls.Region(own(rows.memory()).address(end) + rows.offset(), rows.pitch());
  }

  /** The memory as CUDA's, of the same GPU. */
  CudaMemory own(DeviceMemory memory) {
    if (memory instanceof CudaMemory own && own.isOn(device)) {
      return own;
    }
    throw new IllegalArgumentException(
        "memory of GPU " + device.index() + " was expected, found " + memory);
  }

  @Override
  public void upload(ByteBuffer source, DeviceMemory target) {
    CudaCalls cuda = cuda();
    long address = own(target).address(source.remaining());
    if (source.hasRemaining()) {
      ByteBuffer kept = keep(source);
      device.check(cuda.upload(address, kept, handle), "copying to the GPU");
    }
  }

  @Override
  public void download(DeviceMemory source, ByteBuffer target) {
    CudaCalls cuda = cuda();
    if (target.isReadOnly()) {
      throw new IllegalArgumentException("a buffer to be written was expected");
    }
    long address = own(source).address(target.remaining());
    if (target.hasRemaining()) {
      ByteBuffer kept = keep(target);
      device.check(cuda.download(kept, address, handle), "copying from the GPU");
    }
  }

  /** Keeps a buffer from being collected while CUDA knows its address. */
  private ByteBuffer keep(ByteBuffer buffer) {
    if (!buffer.isDirect()) {
      throw new IllegalArgumentException("a direct buffer was expected, found one on the heap");
    }
    ByteBuffer kept = buffer.slice();
    (recording == null ? buffers : recording.buffers()).add(kept);
    return kept;
  }

  @Override
  public void enqueue(Engine engine, EngineCall call) {
    cuda();
    if (!(engine instanceof NvinferEngine own)) {
      throw new IllegalArgumentException("an engine of TensorRT was expected, found " + engine);
    }
    own.enqueue(this, call);
    if (recording != null) {
      recording.uses(own);
    }
  }

  @Override
  public Recording record(Runnable calls) {
    CudaCalls cuda = cuda();
    if (recording != null) {
      throw new IllegalStateException("recordings cannot be nested");
    }
    CudaRecording made = new CudaRecording(this, recordings::remove);
    try {
      device.check(cuda.beginCapture(handle), "beginning to record");
      recording = made;
      try {
        calls.run();
      } catch (Throwable e) {
        Closer.closeAfter(e, made::end);
        throw e;
      } finally {
        recording = null;
      }
      made.end();
      made.instantiate();
      recordings.add(made);
      return made;
    } catch (Throwable e) {
      Closer.closeAfter(e, made);
      throw e;
    }
  }

  @Override
  public void synchronize() {
    CudaCalls cuda = cuda();
    if (recording != null) {
      throw new IllegalStateException("a recording cannot wait for its calls");
    }
    device.check(cuda.synchronize(handle), "waiting for the GPU");
    buffers.clear();
  }

  /** Waits for all calls; their errors belong to those who made them. */
  void drain() {
    CudaCalls cuda = device.toFree();
    if (cuda.synchronize(handle) != 0) {
      cuda.clearError();
    }
  }

  @Override
  public void close() {
    if (!open) {
      return;
    }
    if (recording != null) {
      throw new IllegalStateException("a recording cannot close its stream");
    }
    try (Closer closer = new Closer()) {
      closer.add(() -> forget.accept(this));
      closer.add(() -> open = false);
      closer.add(() -> device.check(device.toFree().destroyStream(handle), "freeing a stream"));
      closer.add(buffers::clear);
      closer.add(this::drain);
      for (CudaMemory left : List.copyOf(memory)) {
        closer.add(() -> release(left));
      }
      closer.addAll(List.copyOf(recordings));
      closer.add(this::drain);
    }
  }
}
