package dev.showo2.backend.tensorrt.internal.nvinfer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import dev.showo2.backend.tensorrt.internal.device.ComputePrecision;
import dev.showo2.backend.tensorrt.internal.device.EngineSpec;
import dev.showo2.backend.tensorrt.internal.device.EngineSpec.Profile;
import dev.showo2.backend.tensorrt.internal.device.EngineSpec.Range;
import dev.showo2.backend.tensorrt.internal.device.PlanBuilder.BuildOptions;
import dev.showo2.backend.tensorrt.internal.device.PlanBuilder.PlanRequest;
import dev.showo2.error.BackendException;
import dev.showo2.error.InsufficientMemoryException;
import dev.showo2.error.ShowO2Exception;
import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.tensor.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The calls of a build in their order, and what is left when one of them fails: nothing. */
class PlanBuildTest {

  private static final byte[] PLAN = {1, 2, 3, 4, 5};

  @TempDir Path folder;

  private final List<String> progress = new ArrayList<>();

  @Test
  void makesTheCallsOfTheProtocol() throws IOException {
    RecordedCalls calls = calls();
    build(calls, new BuildOptions(3, 1 << 20, true, true, ComputePrecision.BUNDLE, false));
    assertEquals(
        """
        createBuilder() = builder1
        createNetwork(builder1) = network1
        createParser(network1) = parser1
        parse(parser1, 21 bytes, graph.onnx)
        outputs(network1)
        unmarkOutput(network1, 2)
        unmarkOutput(network1, 0)
        createConfig(builder1) = config1
        setOptimizationLevel(config1, 3)
        requireFullFp32(config1)
        setWorkspace(config1, 1048576)
        allowWeightStreaming(config1)
        allowRefit(config1)
        inputs(network1)
        createProfile(builder1) = profile1
        setDimensions(profile1, x, LEAST, [1, 4])
        setDimensions(profile1, x, TYPICAL, [2, 4])
        setDimensions(profile1, x, MOST, [8, 4])
        setValues(profile1, length, LEAST, [1])
        setValues(profile1, length, TYPICAL, [16])
        setValues(profile1, length, MOST, [64])
        isValid(profile1)
        addProfile(config1, profile1)
        createTimingCache(config1, 0 bytes) = timingCache1
        setTimingCache(config1, timingCache1)
        build(builder1, network1, config1) = build1
        size(build1)
        size(build1)
        bytes(build1, 0, 5)
        serializeTimingCache(config1) = serializeTimingCache1
        size(serializeTimingCache1)
        bytes(serializeTimingCache1, 0, 5)
        destroy(serializeTimingCache1)
        destroy(build1)
        destroy(config1)
        destroyParser(parser1)
        destroy(network1)
        destroy(builder1)
        destroy(timingCache1)
        """,
        calls.protocol());
    assertEquals(
        List.of(
            "reading graph.onnx",
            "adding profile 1 of 1",
            "building the engine",
            "writing the plan of 0 MiB"),
        progress);
    assertArrayEquals(PLAN, Files.readAllBytes(folder.resolve("plan")));
    assertArrayEquals(PLAN, Files.readAllBytes(folder.resolve("timings")));
  }

  @Test
  void freesEverythingWhicheverCallFails() throws IOException {
    RecordedCalls counted = calls();
    build(counted, options());
    assertTrue(counted.fallible() > 15, "calls that can fail: " + counted.fallible());
    for (int i = 0; i < counted.fallible(); i++) {
      Files.deleteIfExists(folder.resolve("plan"));
      Files.deleteIfExists(folder.resolve("timings"));
      RecordedCalls calls = calls().failAt(i, 700);
      ShowO2Exception thrown = null;
      try {
        build(calls, options());
      } catch (ShowO2Exception e) {
        thrown = e;
      }
      String failed = calls.failed();
      assertEquals(List.of(), List.copyOf(calls.left()), failed);
      // Later builds are slower without timings, that is all.
      boolean tolerated = failed.equals("serializeTimingCache");
      assertEquals(tolerated, thrown == null, failed);
      assertEquals(tolerated, Files.exists(folder.resolve("plan")), failed);
    }
  }

  @Test
  void measuresAnewIfTimingsAreOfAnotherGpu() throws IOException {
    Map<String, Object> refusals = Map.of("createTimingCache", 0L, "setTimingCache", false);
    for (Map.Entry<String, Object> refusal : refusals.entrySet()) {
      Files.write(folder.resolve("timings"), new byte[7]);
      Files.deleteIfExists(folder.resolve("plan"));
      RecordedCalls calls = calls().answerOnce(refusal.getKey(), refusal.getValue());
      build(calls, options());
      assertTrue(
          progress.remove("measuring anew: earlier builds timed another GPU or version"),
          progress.toString());
      String protocol = calls.protocol();
      assertTrue(protocol.contains("createTimingCache(config1, 7 bytes)"), protocol);
      assertTrue(protocol.contains("createTimingCache(config1, 0 bytes)"), protocol);
      assertEquals(List.of(), List.copyOf(calls.left()));
      assertArrayEquals(PLAN, Files.readAllBytes(folder.resolve("timings")));
    }
  }

  @Test
  void givesTheParserProductsInTheTypeThatIsAskedFor() throws IOException {
    List<ModelProto> parsed = new ArrayList<>();
    RecordedCalls calls =
        calls()
            .answer(
                "parse",
                arguments -> {
                  try {
                    return parsed.add(
                        ModelProto.parseFrom(((ByteBuffer) arguments[1]).duplicate()));
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  }
                });
    build(calls, new BuildOptions(3, 0, false, false, ComputePrecision.BF16, true));
    assertEquals(List.of(ComputePrecision.BF16.apply(GRAPH)), parsed);
    assertFalse(calls.protocol().contains("requireFullFp32"), calls.protocol());
  }

  @Test
  void usesTimingsOfEarlierBuilds() throws IOException {
    Files.write(folder.resolve("timings"), new byte[7]);
    RecordedCalls calls = calls();
    build(calls, options());
    String protocol = calls.protocol();
    assertTrue(protocol.contains("createTimingCache(config1, 7 bytes)"), protocol);
    assertFalse(protocol.contains("createTimingCache(config1, 0 bytes)"), protocol);
    assertTrue(progress.contains("using the timings of earlier builds"), progress.toString());
  }

  @Test
  void listsWhatTheParserRefuses() {
    RecordedCalls calls =
        calls()
            .answer("parse", arguments -> false)
            .answer(
                "faults",
                arguments ->
                    List.of(
                        new BuilderCalls.ParserFault("node a (Odd): no importer", true),
                        new BuilderCalls.ParserFault("node b (Gemm): wrong shape", false)));
    UnsupportedFeatureException thrown =
        assertThrows(UnsupportedFeatureException.class, () -> build(calls, options()));
    assertTrue(
        thrown
            .getMessage()
            .endsWith("graph.onnx: node a (Odd): no importer; node b (Gemm): wrong shape"),
        thrown.getMessage());
    assertEquals(List.of(), List.copyOf(calls.left()));

    calls.answer(
        "faults", arguments -> List.of(new BuilderCalls.ParserFault("cannot be read", false)));
    BackendException other = assertThrows(BackendException.class, () -> build(calls, options()));
    assertTrue(other.getMessage().endsWith("graph.onnx: cannot be read"), other.getMessage());
  }

  @Test
  void saysWhenMemoryWasShort() {
    RecordedCalls calls =
        calls()
            .answer("build", arguments -> 0L)
            .answer("messages", arguments -> "Error Code 2: OutOfMemory (Requested size was 9)");
    InsufficientMemoryException thrown =
        assertThrows(InsufficientMemoryException.class, () -> build(calls, options()));
    assertTrue(
        thrown.getMessage().startsWith("building an engine: TensorRT failed: Error Code 2"),
        thrown.getMessage());
  }

  @Test
  void leavesAPlanThatExists() throws IOException {
    Files.write(folder.resolve("plan"), new byte[] {9});
    RecordedCalls calls = calls();
    assertThrows(FileAlreadyExistsException.class, () -> build(calls, options()));
    assertArrayEquals(new byte[] {9}, Files.readAllBytes(folder.resolve("plan")));
    assertEquals(List.of(), List.copyOf(calls.left()));
  }

  @Test
  void leavesNoPartOfAPlan() throws IOException {
    RecordedCalls calls =
        calls()
            .answer(
                "bytes",
                arguments -> {
                  throw new OutOfMemoryError("test");
                });
    assertThrows(OutOfMemoryError.class, () -> build(calls, options()));
    try (var files = Files.list(folder)) {
      assertEquals(
          List.of("graph.onnx"), files.map(file -> file.getFileName().toString()).toList());
    }
    assertEquals(List.of(), List.copyOf(calls.left()));
  }

  @Test
  void refusesOutputsAndInputsThatTheGraphDoesNotHave() {
    RecordedCalls calls = calls().answer("outputs", arguments -> List.of("a", "z"));
    BackendException thrown = assertThrows(BackendException.class, () -> build(calls, options()));
    assertEquals("outputs of [a, z] were expected, found [b]", thrown.getMessage());

    RecordedCalls more = calls().answer("inputs", arguments -> List.of("x", "length", "mask"));
    thrown = assertThrows(BackendException.class, () -> build(more, options()));
    assertTrue(
        thrown.getMessage().startsWith("a profile of the inputs [x, length, mask] was expected"),
        thrown.getMessage());
  }

  private RecordedCalls calls() {
    return new RecordedCalls()
        .answer("outputs", arguments -> List.of("a", "b", "c"))
        .answer("inputs", arguments -> List.of("x", "length"))
        .answer("size", arguments -> (long) PLAN.length)
        .answer("bytes", arguments -> ByteBuffer.wrap(PLAN));
  }

  private static BuildOptions options() {
    return new BuildOptions(2, 0, false, false, ComputePrecision.BUNDLE, false);
  }

  /** A product of two inputs. */
  private static final ModelProto GRAPH =
      ModelProto.newBuilder()
          .setGraph(
              GraphProto.newBuilder()
                  .addNode(
                      NodeProto.newBuilder()
                          .setOpType("MatMul")
                          .addInput("x")
                          .addInput("w")
                          .addOutput("b")))
          .build();

  private void build(RecordedCalls calls, BuildOptions options) throws IOException {
    Files.write(folder.resolve("graph.onnx"), GRAPH.toByteArray());
    Profile profile =
        new Profile(
            Map.of("x", new Range(Shape.of(1, 4), Shape.of(2, 4), Shape.of(8, 4))),
            Map.of("length", new Range(Shape.of(1), Shape.of(16), Shape.of(64))));
    EngineSpec spec = new EngineSpec(folder.resolve("graph.onnx"), List.of("b"), List.of(profile));
    PlanRequest request =
        new PlanRequest(spec, options, 0, folder.resolve("timings"), folder.resolve("plan"));
    new PlanBuild(new CudaDevice(calls.cuda(), 0), calls.builder(), request, progress::add).run();
  }
}
