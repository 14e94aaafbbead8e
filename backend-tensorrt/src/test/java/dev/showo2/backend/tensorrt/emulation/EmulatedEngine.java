package dev.showo2.backend.tensorrt.emulation;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import com.google.gson.Gson;
import dev.showo2.backend.tensorrt.emulation.EmulatedPlanBuilder.Contents;
import dev.showo2.backend.tensorrt.internal.device.Engine;
import dev.showo2.backend.tensorrt.internal.device.EngineCall;
import dev.showo2.backend.tensorrt.internal.device.EngineCall.Binding;
import dev.showo2.error.BackendException;
import dev.showo2.spi.support.Closer;
import dev.showo2.tensor.Shape;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** A plan that ONNX Runtime runs. */
final class EmulatedEngine implements Engine {

  private OrtSession session;
  private final Path folder;
  private final Contents contents;
  private final Runnable afterwards;
  private final Map<List<Object>, Map<String, Shape>> knownShapes = new HashMap<>();
  private boolean closed;

  private EmulatedEngine(OrtSession session, Path folder, Contents contents, Runnable afterwards) {
    this.session = session;
    this.folder = folder;
    this.contents = contents;
    this.afterwards = afterwards;
  }

  static EmulatedEngine load(List<ByteBuffer> plan, Runnable afterwards) {
    try {
      Path folder = Files.createTempDirectory("emulated-engine-");
      Contents contents = null;
      try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(bytes(plan)))) {
        for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
          byte[] bytes = zip.readAllBytes();
          if (entry.getName().equals(EmulatedPlanBuilder.PROFILES)) {
            contents =
                new Gson().fromJson(new String(bytes, StandardCharsets.UTF_8), Contents.class);
          } else {
            Files.write(folder.resolve(entry.getName()), bytes);
          }
        }
      }
      return new EmulatedEngine(session(folder), folder, contents, afterwards);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] bytes(List<ByteBuffer> plan) {
    ByteBuffer all = ByteBuffer.allocate(plan.stream().mapToInt(ByteBuffer::remaining).sum());
    plan.forEach(all::put);
    return all.array();
  }

  private static OrtSession session(Path folder) {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setDeterministicCompute(true);
      return OrtEnvironment.getEnvironment()
          .createSession(folder.resolve(EmulatedPlanBuilder.GRAPH).toString(), options);
    } catch (OrtException e) {
      throw new BackendException("the emulated GPU cannot load a plan: " + e.getMessage(), e);
    }
  }

  @Override
  public Set<String> outputs() {
    return new LinkedHashSet<>(contents.outputs());
  }

  /** Refuses what TensorRT would refuse. */
  void check(EngineCall call) {
    requireOpen();
    Map<String, Shape> shapes = new LinkedHashMap<>();
    call.inputs().forEach((name, binding) -> shapes.put(name, binding.shape()));
    checkProfile(call.profile(), shapes, call.values());
    if (!call.outputs().keySet().equals(outputs())) {
      throw new IllegalStateException(
          "outputs " + outputs() + " have addresses, found " + call.outputs().keySet());
    }
    call.inputs().forEach((name, binding) -> checkBytes(name, binding));
    call.outputs()
        .forEach(
            (name, binding) ->
                ((EmulatedMemory) binding.memory())
                    .checked(binding.shape().elementCount() * Float.BYTES));
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("an engine is used after it was closed");
    }
  }

  private void checkBytes(String name, Binding binding) {
    ((EmulatedMemory) binding.memory())
        .checked(binding.shape().elementCount() * info(name).type.size);
  }

  private void checkProfile(int profile, Map<String, Shape> shapes, Map<String, long[]> values) {
    Map<String, List<long[]>> ranges = contents.profiles().get(profile);
    Set<String> given = new LinkedHashSet<>(shapes.keySet());
    given.addAll(values.keySet());
    if (!given.equals(ranges.keySet())) {
      throw new IllegalStateException("inputs " + ranges.keySet() + " are needed, found " + given);
    }
    shapes.forEach((name, shape) -> checkRange(name, shape.toArray(), ranges.get(name)));
    values.forEach((name, value) -> checkRange(name, value, ranges.get(name)));
  }

  private static void checkRange(String name, long[] sizes, List<long[]> range) {
    for (int axis = 0; axis < sizes.length; axis++) {
      if (sizes[axis] < range.get(0)[axis] || sizes[axis] > range.get(1)[axis]) {
        throw new IllegalStateException(name + " is outside the profile: " + Shape.of(sizes));
      }
    }
  }

  private TensorInfo info(String input) {
    try {
      return (TensorInfo) session.getInputInfo().get(input).getInfo();
    } catch (OrtException e) {
      throw new BackendException(e.getMessage(), e);
    }
  }

  @Override
  public Map<String, Shape> outputShapes(
      int profile, Map<String, Shape> shapes, Map<String, long[]> values) {
    requireOpen();
    checkProfile(profile, shapes, values);
    List<Object> key =
        List.of(shapes, values.entrySet().stream().map(e -> e.getKey() + e.getValue()[0]).toList());
    return knownShapes.computeIfAbsent(key, ignored -> ranOnZeros(shapes, values));
  }

  private Map<String, Shape> ranOnZeros(Map<String, Shape> shapes, Map<String, long[]> values) {
    Map<String, ByteBuffer> zeros = new LinkedHashMap<>();
    shapes.forEach(
        (name, shape) ->
            zeros.put(
                name,
                ByteBuffer.allocateDirect(
                        Math.toIntExact(shape.elementCount() * info(name).type.size))
                    .order(ByteOrder.nativeOrder())));
    Map<String, Shape> results = new LinkedHashMap<>();
    run(
        zeros,
        shapes,
        values,
        (name, tensor) -> results.put(name, Shape.of(tensor.getInfo().getShape())));
    return results;
  }

  /** Runs a call that was checked. */
  void run(EngineCall call) {
    Map<String, ByteBuffer> bytes = new LinkedHashMap<>();
    Map<String, Shape> shapes = new LinkedHashMap<>();
    call.inputs()
        .forEach(
            (name, binding) -> {
              long size = binding.shape().elementCount() * info(name).type.size;
              bytes.put(name, ((EmulatedMemory) binding.memory()).bytes(0, size));
              shapes.put(name, binding.shape());
            });
    run(
        bytes,
        shapes,
        call.values(),
        (name, tensor) -> {
          Binding output = call.outputs().get(name);
          if (!output.shape().equals(Shape.of(tensor.getInfo().getShape()))) {
            throw new IllegalStateException(
                name + " has another shape than the engine said: " + output.shape());
          }
          ((EmulatedMemory) output.memory())
              .bytes(0, output.shape().elementCount() * Float.BYTES)
              .asFloatBuffer()
              .put(tensor.getFloatBuffer());
        });
  }

  private interface OutputUse {
    void use(String name, OnnxTensor tensor);
  }

  private void run(
      Map<String, ByteBuffer> bytes,
      Map<String, Shape> shapes,
      Map<String, long[]> values,
      OutputUse use) {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    try (Closer closer = new Closer()) {
      for (Map.Entry<String, ByteBuffer> input : bytes.entrySet()) {
        inputs.put(
            input.getKey(),
            closer.add(
                OnnxTensor.createTensor(
                    environment,
                    input.getValue(),
                    shapes.get(input.getKey()).toArray(),
                    info(input.getKey()).type)));
      }
      for (Map.Entry<String, long[]> value : values.entrySet()) {
        inputs.put(
            value.getKey(), closer.add(OnnxTensor.createTensor(environment, value.getValue())));
      }
      OrtSession.Result results = closer.add(session.run(inputs, outputs()));
      results.forEach(result -> use.use(result.getKey(), (OnnxTensor) result.getValue()));
    } catch (OrtException e) {
      throw new BackendException("the emulated GPU failed: " + e.getMessage(), e);
    }
  }

  @Override
  public void refit(Path graph) {
    try {
      byte[] packed =
          Bf16Graphs.runnable(ModelProto.parseFrom(Files.readAllBytes(graph))).toByteArray();
      if (!Arrays.equals(packed, Files.readAllBytes(folder.resolve(EmulatedPlanBuilder.GRAPH)))) {
        throw new BackendException("an engine takes the weights of the same graph only");
      }
      session.close();
      for (String name : EmulatedPlanBuilder.weightFiles(ModelProto.parseFrom(packed))) {
        Files.copy(
            graph.resolveSibling(name), folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
      }
      session = session(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (OrtException e) {
      throw new BackendException(e.getMessage(), e);
    }
  }

  @Override
  public long deviceBytes() {
    return 0;
  }

  @Override
  public void close() {
    if (closed) {
      throw new IllegalStateException("an engine is closed twice");
    }
    closed = true;
    try (Stream<Path> files = Files.list(folder)) {
      session.close();
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.delete(file);
      }
      Files.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (OrtException e) {
      throw new BackendException(e.getMessage(), e);
    }
    afterwards.run();
  }
}
