package dev.showo2.backend.tensorrt.internal.nvinfer;

import dev.showo2.backend.tensorrt.internal.device.Engine;
import dev.showo2.backend.tensorrt.internal.device.EngineCall;
import dev.showo2.error.BackendException;
import dev.showo2.spi.support.Closer;
import dev.showo2.tensor.Shape;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * An engine of TensorRT, with a context for each profile that was asked for. All contexts work in
 * one memory, since no two of them run at once.
 */
final class NvinferEngine implements Engine {

  private final RuntimeCalls calls;
  private final CudaDevice device;
  private final CudaStream setup;
  private final Consumer<NvinferEngine> forget;
  private final Closer resources = new Closer();
  private final long handle;
  private final Map<String, RuntimeCalls.IoTensor> tensors = new LinkedHashMap<>();
  private final EngineContext[] contexts;
  private final long weightBytes;
  private final long scratchBytes;
  private long scratch;
  private CudaStream last;
  private boolean open = true;

  /**
   * Loads a plan.
   *
   * @param setup a stream for the copies that a new context makes
   */
  NvinferEngine(
      RuntimeCalls calls,
      long runtime,
      CudaStream setup,
      List<ByteBuffer> plan,
      OptionalLong weightBytes,
      Consumer<NvinferEngine> forget) {
    this.calls = calls;
    this.device = setup.device();
    this.setup = setup;
    this.forget = forget;
    try {
      device.cuda();
      handle = calls.deserialize(runtime, plan);
      if (handle == 0) {
        throw failure("loading a plan");
      }
      resources.add(() -> calls.destroy(handle));
      this.weightBytes = limitWeights(weightBytes);
      for (RuntimeCalls.IoTensor tensor : calls.tensors(handle)) {
        tensors.put(tensor.name(), tensor);
      }
      contexts = new EngineContext[calls.profiles(handle)];
      scratchBytes = calls.scratchBytes(handle);
      if (scratchBytes > 0) {
        allocateScratch();
      }
    } catch (Throwable e) {
      Closer.closeAfter(e, resources);
      throw e;
    }
  }

  private long limitWeights(OptionalLong budget) {
    long all = calls.weightBytes(handle);
    if (budget.isEmpty()) {
      return all;
    }
    long streamable = calls.streamableWeightBytes(handle);
    if (streamable <= 0) {
      throw new BackendException(
          "a plan that was built for weight streaming was expected, found one whose "
              + all
              + " bytes of weights have to be on the GPU");
    }
    // More than all is the same as all, which turns streaming off.
    long resident = Math.min(streamable, Math.max(0, budget.getAsLong()));
    if (!calls.setWeightBudget(handle, resident)) {
      throw failure("keeping " + resident + " bytes of weights on the GPU");
    }
    return all - streamable + resident;
  }

  private void allocateScratch() {
    long[] made = new long[1];
    device.check(
        device.cuda().allocate(made, scratchBytes),
        "allocating " + scratchBytes + " bytes for what an engine computes");
    scratch = made[0];
    resources.add(() -> device.check(device.toFree().free(scratch), "freeing memory"));
  }

  private RuntimeException failure(String activity) {
    return CudaDevice.failure(activity, calls.messages());
  }

  @Override
  public Set<String> outputs() {
    return tensors.values().stream()
        .filter(tensor -> !tensor.input())
        .map(RuntimeCalls.IoTensor::name)
        .collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public synchronized Map<String, Shape> outputShapes(
      int profile, Map<String, Shape> shapes, Map<String, long[]> values) {
    requireOpen();
    device.cuda();
    return context(profile).outputShapes(shapes, values);
  }

  synchronized void enqueue(CudaStream stream, EngineCall call) {
    requireOpen();
    claim(stream);
    context(call.profile()).enqueue(stream, call);
  }

  /** Makes calls on a stream wait for those of another one, with which they share memory. */
  synchronized void claim(CudaStream stream) {
    requireOpen();
    if (stream.device().index() != device.index()) {
      throw new IllegalArgumentException(
          "a stream of GPU " + device.index() + " was expected, found " + stream.device().index());
    }
    if (last != stream && last != null && last.isOpen()) {
      device.check(device.cuda().synchronize(last.handle()), "waiting for another stream");
    }
    last = stream;
  }

  private void requireOpen() {
    if (!open) {
      throw new IllegalStateException("an engine was used after it was closed");
    }
  }

  private EngineContext context(int profile) {
    if (profile < 0 || profile >= contexts.length) {
      throw new IllegalArgumentException(
          "a profile below " + contexts.length + " was expected, found " + profile);
    }
    if (contexts[profile] == null) {
      contexts[profile] = createContext(profile);
    }
    return contexts[profile];
  }

  private EngineContext createContext(int profile) {
    device.cuda();
    long context = calls.createContext(handle);
    if (context == 0) {
      throw failure("preparing profile " + profile);
    }
    try {
      if (scratchBytes > 0) {
        calls.setScratch(context, scratch, scratchBytes);
      }
      if (!calls.setProfile(context, profile, setup.handle())) {
        throw failure("choosing profile " + profile);
      }
      // Calls may come on any stream, and have to see what was copied on this one.
      device.check(device.cuda().synchronize(setup.handle()), "choosing a profile");
      EngineContext made = new EngineContext(calls, context, tensors);
      resources.add(() -> calls.destroy(context));
      return made;
    } catch (Throwable e) {
      Closer.closeAfter(e, () -> calls.destroy(context));
      throw e;
    }
  }

  @Override
  public synchronized void refit(Path graph) {
    requireOpen();
    device.cuda();
    drain();
    long refitter = calls.createRefitter(handle);
    if (refitter == 0) {
      throw failure("preparing an engine for other weights");
    }
    try (Closer closer = new Closer()) {
      closer.add(() -> calls.destroy(refitter));
      long parser = calls.createParserRefitter(refitter);
      if (parser == 0) {
        throw failure("preparing an engine for other weights");
      }
      closer.add(() -> calls.destroyParserRefitter(parser));
      if (!calls.readWeights(parser, graph)) {
        throw failure("reading the weights of " + graph.getFileName());
      }
      if (!calls.refit(refitter)) {
        throw failure("exchanging the weights for those of " + graph.getFileName());
      }
    }
  }

  /** Waits for calls that use the engine; their errors belong to those who made them. */
  private void drain() {
    if (last != null && last.isOpen()) {
      last.drain();
    }
  }

  @Override
  public long deviceBytes() {
    return weightBytes + scratchBytes;
  }

  @Override
  public synchronized void close() {
    if (!open) {
      return;
    }
    open = false;
    try (Closer closer = new Closer()) {
      closer.add(() -> forget.accept(this));
      closer.add(resources);
      closer.add(this::drain);
      closer.add(device::toFree);
    }
  }
}
