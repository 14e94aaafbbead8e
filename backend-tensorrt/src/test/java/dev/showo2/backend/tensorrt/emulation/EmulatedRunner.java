package dev.showo2.backend.tensorrt.emulation;

import dev.showo2.backend.tensorrt.internal.device.DeviceStream;
import dev.showo2.backend.tensorrt.internal.device.Engine;
import dev.showo2.backend.tensorrt.internal.device.EngineRunner;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** An emulated GPU, which counts what is open. */
final class EmulatedRunner implements EngineRunner {

  private final EmulatedPlatform platform;
  private final AtomicInteger engines = new AtomicInteger();
  private final AtomicInteger streams = new AtomicInteger();
  private final AtomicLong memories = new AtomicLong();

  EmulatedRunner(EmulatedPlatform platform) {
    this.platform = platform;
  }

  /** Notes that a recording was launched. */
  void launched() {
    platform.launched();
  }

  @Override
  public String platform() {
    return "emulated GPU, ONNX Runtime on the CPU";
  }

  @Override
  public DeviceStream openStream() {
    streams.incrementAndGet();
    return new EmulatedStream(this);
  }

  @Override
  public Engine load(List<ByteBuffer> plan, OptionalLong weightBytes) {
    Engine engine = EmulatedEngine.load(plan, engines::decrementAndGet);
    engines.incrementAndGet();
    return engine;
  }

  void streamClosed() {
    streams.decrementAndGet();
  }

  void memoryOpened() {
    memories.incrementAndGet();
  }

  void memoryClosed() {
    memories.decrementAndGet();
  }

  @Override
  public void close() {
    if (engines.get() != 0 || streams.get() != 0 || memories.get() != 0) {
      throw new IllegalStateException(
          "a GPU was given up with "
              + engines
              + " engines, "
              + streams
              + " streams and "
              + memories
              + " pieces of memory left");
    }
  }
}
