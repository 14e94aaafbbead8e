package dev.showo2.backend.tensorrt.internal.nvinfer;

import dev.showo2.backend.tensorrt.internal.device.DeviceStream;
import dev.showo2.backend.tensorrt.internal.device.Engine;
import dev.showo2.backend.tensorrt.internal.device.EngineRunner;
import dev.showo2.spi.support.Closer;
import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** TensorRT's runtime on one GPU. */
final class NvinferRunner implements EngineRunner {

  private final CudaDevice device;
  private final RuntimeCalls calls;
  private final long runtime;
  private final CudaStream setup;
  private final String platform;

  /** Engines and streams that are open, in the order in which they were made. */
  private final Set<AutoCloseable> users = new LinkedHashSet<>();

  private boolean open = true;

  /** Makes a runtime, for a GPU on which a builder could be made. */
  NvinferRunner(CudaDevice device, RuntimeCalls calls) {
    this.device = device;
    this.calls = calls;
    try (Closer closer = new Closer()) {
      device.cuda();
      runtime = calls.createRuntime();
      if (runtime == 0) {
        throw CudaDevice.failure("preparing GPU " + device.index(), calls.messages());
      }
      closer.add(() -> calls.destroy(runtime));
      setup = closer.add(new CudaStream(device, stream -> {}));
      platform = describe();
      closer.keepAll();
    }
  }

  private String describe() {
    CudaCalls cuda = device.cuda();
    int[] driver = new int[1];
    int[] library = new int[1];
    int[] capability = new int[2];
    String[] name = new String[1];
    device.check(cuda.driverVersion(driver), "asking for the driver's version");
    device.check(cuda.runtimeVersion(library), "asking for CUDA's version");
    device.check(cuda.computeCapability(capability, device.index()), "asking what the GPU can do");
    device.check(cuda.deviceName(name, device.index()), "asking for the GPU's name");
    return "TensorRT "
        + calls.libraryVersion()
        + ", CUDA "
        + version(library[0])
        + ", driver for CUDA "
        + version(driver[0])
        + ", "
        + name[0].replaceAll("\\s+", " ").strip()
        + ", compute capability "
        + capability[0]
        + "."
        + capability[1];
  }

  private static String version(int number) {
    return number / 1_000 + "." + number % 1_000 / 10;
  }

  @Override
  public String platform() {
    return platform;
  }

  @Override
  public synchronized DeviceStream openStream() {
    requireOpen();
    CudaStream stream = new CudaStream(device, this::forget);
    users.add(stream);
    return stream;
  }

  @Override
  public synchronized Engine load(List<ByteBuffer> plan, OptionalLong weightBytes) {
    requireOpen();
    NvinferEngine engine =
        new NvinferEngine(calls, runtime, setup, plan, weightBytes, this::forget);
    users.add(engine);
    return engine;
  }

  private void requireOpen() {
    if (!open) {
      throw new IllegalStateException("a runner was used after it was closed");
    }
  }

  private synchronized void forget(AutoCloseable user) {
    users.remove(user);
  }

  @Override
  public void close() {
    List<AutoCloseable> left;
    synchronized (this) {
      if (!open) {
        return;
      }
      open = false;
      left = List.copyOf(users);
    }
    try (Closer closer = new Closer()) {
      closer.add(() -> calls.destroy(runtime));
      closer.add(setup);
      // TensorRT's engines do not survive their runtime.
      closer.addAll(left);
    }
  }
}
