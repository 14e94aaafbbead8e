package dev.showo2.backend.tensorrt.internal.nvinfer;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.showo2.backend.tensorrt.internal.device.EngineSpec;
import dev.showo2.backend.tensorrt.internal.device.PlanBuilder.BuildOptions;
import dev.showo2.backend.tensorrt.internal.device.PlanBuilder.PlanRequest;
import dev.showo2.error.BackendException;
import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.spi.support.Closer;
import dev.showo2.tensor.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** One build of a plan, phase by phase. What it makes is freed in reverse order. */
final class PlanBuild {

  /** Bytes that are written at once. */
  private static final int PART = 64 << 20;

  /** More than any timing cache has; a larger file is none. */
  private static final long TIMINGS_LIMIT = 1L << 30;

  private final CudaDevice device;
  private final BuilderCalls calls;
  private final PlanRequest request;
  private final Consumer<String> progress;
  private final Closer resources = new Closer();

  PlanBuild(CudaDevice device, BuilderCalls calls, PlanRequest request, Consumer<String> progress) {
    this.device = device;
    this.calls = calls;
    this.request = request;
    this.progress = progress;
  }

  void run() throws IOException {
    try (resources) {
      device.cuda();
      // TensorRT wants timings to outlive the builder that uses them, although a builder makes
      // them.
      TimingCache timings = resources.add(new TimingCache());
      long builder = made(calls.createBuilder(), "preparing a builder");
      long network = made(calls.createNetwork(builder), "preparing a network");
      parse(network);
      selectOutputs(network);
      long config = made(calls.createConfig(builder), "preparing the options");
      setOptions(config);
      addProfiles(builder, network, config);
      timings.read(config);
      progress.accept("building the engine");
      long plan = made(calls.build(builder, network, config), "building an engine");
      progress.accept("writing the plan of " + (calls.size(plan) >> 20) + " MiB");
      write(plan, request.plan(), StandardOpenOption.CREATE_NEW);
      timings.write(config);
    }
  }

  /** Checks that an object was made, and frees it in the end. */
  private long made(long object, String activity) {
    if (object == 0) {
      throw failure(activity);
    }
    resources.add(() -> calls.destroy(object));
    return object;
  }

  private RuntimeException failure(String activity) {
    return CudaDevice.failure(activity, calls.messages());
  }

  private void parse(long network) throws IOException {
    Path graph = request.spec().graph();
    progress.accept("reading " + graph.getFileName());
    long parser = calls.createParser(network);
    if (parser == 0) {
      throw failure("preparing the parser");
    }
    resources.add(() -> calls.destroyParser(parser));
    byte[] model =
        request
            .options()
            .compute()
            .apply(ModelProto.parseFrom(Files.readAllBytes(graph)))
            .toByteArray();
    if (calls.parse(parser, ByteBuffer.allocateDirect(model.length).put(model).flip(), graph)) {
      return;
    }
    List<BuilderCalls.ParserFault> faults = calls.faults(parser);
    String text =
        "TensorRT's parser does not take "
            + graph
            + ": "
            + faults.stream().map(BuilderCalls.ParserFault::text).collect(Collectors.joining("; "))
            + (faults.isEmpty() ? calls.messages() : "");
    throw faults.stream().anyMatch(BuilderCalls.ParserFault::unsupported)
        ? new UnsupportedFeatureException(text)
        : new BackendException(text);
  }

  private void selectOutputs(long network) {
    List<String> all = calls.outputs(network);
    List<String> wanted = request.spec().outputs();
    if (wanted.isEmpty() || !all.containsAll(wanted)) {
      throw new BackendException("outputs of " + all + " were expected, found " + wanted);
    }
    for (int i = all.size() - 1; i >= 0; i--) {
      if (!wanted.contains(all.get(i))) {
        calls.unmarkOutput(network, i);
      }
    }
  }

  private void setOptions(long config) {
    BuildOptions options = request.options();
    calls.setOptimizationLevel(config, options.optimizationLevel());
    if (!options.tf32()) {
      calls.requireFullFp32(config);
    }
    if (options.workspaceBytes() > 0) {
      calls.setWorkspace(config, options.workspaceBytes());
    }
    if (options.weightStreaming()) {
      calls.allowWeightStreaming(config);
    }
    if (options.refittable()) {
      calls.allowRefit(config);
    }
  }

  private void addProfiles(long builder, long network, long config) {
    List<String> inputs = calls.inputs(network);
    List<EngineSpec.Profile> profiles = request.spec().profiles();
    for (int i = 0; i < profiles.size(); i++) {
      progress.accept("adding profile " + (i + 1) + " of " + profiles.size());
      EngineSpec.Profile from = profiles.get(i);
      Set<String> named = new HashSet<>(from.shapes().keySet());
      named.addAll(from.values().keySet());
      if (!named.equals(Set.copyOf(inputs))) {
        throw new BackendException(
            "a profile of the inputs " + inputs + " was expected, found one of " + named);
      }
      long profile = calls.createProfile(builder);
      if (profile == 0) {
        throw failure("preparing profile " + i);
      }
      for (String input : inputs) {
        setRange(profile, input, from.shapes(), calls::setDimensions);
        setRange(profile, input, from.values(), calls::setValues);
      }
      if (!calls.isValid(profile)) {
        throw failure("checking profile " + i);
      }
      int index = calls.addProfile(config, profile);
      if (index != i) {
        throw failure("adding profile " + i + ", which became " + index);
      }
    }
  }

  private interface BoundSetter {
    boolean set(long profile, String input, BuilderCalls.Bound bound, long[] numbers);
  }

  private void setRange(
      long profile, String input, Map<String, EngineSpec.Range> ranges, BoundSetter setter) {
    EngineSpec.Range range = ranges.get(input);
    if (range == null) {
      return;
    }
    for (BuilderCalls.Bound bound : BuilderCalls.Bound.values()) {
      Shape numbers =
          switch (bound) {
            case LEAST -> range.least();
            case TYPICAL -> range.typical();
            case MOST -> range.most();
          };
      if (!setter.set(profile, input, bound, numbers.toArray())) {
        throw failure("setting the input " + input + " to " + numbers + " in a profile");
      }
    }
  }

  private void write(long memory, Path file, StandardOpenOption how) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, how);
    try (channel) {
      long size = calls.size(memory);
      for (long offset = 0; offset < size; offset += PART) {
        ByteBuffer part = calls.bytes(memory, offset, (int) Math.min(PART, size - offset));
        while (part.hasRemaining()) {
          channel.write(part);
        }
      }
      channel.force(true);
    } catch (Throwable e) {
      Closer.closeAfter(e, () -> Files.deleteIfExists(file));
      throw e;
    }
  }

  /** Times that builders have measured, which save later ones from measuring them again. */
  private final class TimingCache implements AutoCloseable {

    private final List<Long> made = new ArrayList<>();

    void read(long config) throws IOException {
      Path file = request.timings();
      if (Files.isRegularFile(file) && Files.size(file) <= TIMINGS_LIMIT) {
        byte[] bytes = Files.readAllBytes(file);
        if (use(config, ByteBuffer.allocateDirect(bytes.length).put(bytes).flip())) {
          progress.accept("using the timings of earlier builds");
          return;
        }
        progress.accept("measuring anew: earlier builds timed another GPU or version");
        calls.messages();
      }
      if (!use(config, ByteBuffer.allocateDirect(0))) {
        throw failure("preparing timings");
      }
    }

    private boolean use(long config, ByteBuffer serialized) {
      long cache = calls.createTimingCache(config, serialized);
      if (cache == 0) {
        return false;
      }
      made.add(cache);
      return calls.setTimingCache(config, cache);
    }

    /** Keeps the timings; without them the plan is as good, and later builds are slower. */
    void write(long config) {
      long memory = calls.serializeTimingCache(config);
      if (memory == 0) {
        progress.accept("timings were not kept: " + calls.messages());
        return;
      }
      resources.add(() -> calls.destroy(memory));
      Path file = request.timings();
      Path draft = file.resolveSibling(file.getFileName() + "." + ProcessHandle.current().pid());
      try {
        PlanBuild.this.write(memory, draft, StandardOpenOption.CREATE);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException e) {
        progress.accept("timings were not kept: " + e);
      }
    }

    @Override
    public void close() {
      try (Closer closer = new Closer()) {
        made.forEach(cache -> closer.add(() -> calls.destroy(cache)));
      }
    }
  }
}
