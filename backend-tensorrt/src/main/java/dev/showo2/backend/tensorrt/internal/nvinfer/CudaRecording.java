package dev.showo2.backend.tensorrt.internal.nvinfer;

import dev.showo2.backend.tensorrt.internal.device.DeviceStream;
import dev.showo2.spi.support.Closer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** A CUDA graph, and all that its launches read and write. */
final class CudaRecording implements DeviceStream.Recording {

  private final CudaStream stream;
  private final CudaDevice device;
  private final Consumer<CudaRecording> forget;
  private final List<CudaMemory> memory = new ArrayList<>();
  private final List<ByteBuffer> buffers = new ArrayList<>();
  private final Set<NvinferEngine> engines = new LinkedHashSet<>();
  private long graph;
  private long executable;
  private boolean open = true;

  CudaRecording(CudaStream stream, Consumer<CudaRecording> forget) {
    this.stream = stream;
    this.device = stream.device();
    this.forget = forget;
  }

  void own(CudaMemory added) {
    memory.add(added);
  }

  List<ByteBuffer> buffers() {
    return buffers;
  }

  void uses(NvinferEngine engine) {
    engines.add(engine);
  }

  /** Ends the capture, which has to be done whatever the calls threw. */
  void end() {
    long[] made = new long[1];
    int code = device.toFree().endCapture(stream.handle(), made);
    graph = made[0];
    device.check(code, "recording");
  }

  void instantiate() {
    long[] made = new long[1];
    device.check(device.cuda().instantiate(made, graph), "preparing a recording");
    executable = made[0];
  }

  @Override
  public void launch() {
    if (!open || !stream.isOpen()) {
      throw new IllegalStateException("a recording was launched after it was closed");
    }
    engines.forEach(engine -> engine.claim(stream));
    device.check(device.cuda().launch(executable, stream.handle()), "launching a recording");
  }

  @Override
  public void close() {
    if (!open) {
      return;
    }
    open = false;
    try (Closer closer = new Closer()) {
      closer.add(() -> forget.accept(this));
      for (CudaMemory owned : memory) {
        closer.add(() -> device.check(device.toFree().free(owned.owned()), "freeing memory"));
      }
      if (graph != 0) {
        closer.add(() -> device.check(device.toFree().destroyGraph(graph), "freeing a recording"));
      }
      if (executable != 0) {
        closer.add(
            () ->
                device.check(device.toFree().destroyExecutable(executable), "freeing a recording"));
        closer.add(stream::drain);
      }
    }
  }
}
