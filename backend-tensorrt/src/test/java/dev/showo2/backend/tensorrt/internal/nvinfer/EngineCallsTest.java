package dev.showo2.backend.tensorrt.internal.nvinfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.backend.tensorrt.internal.device.DeviceMemory;
import dev.showo2.backend.tensorrt.internal.device.DeviceStream;
import dev.showo2.backend.tensorrt.internal.device.DeviceStream.Rows;
import dev.showo2.backend.tensorrt.internal.device.Engine;
import dev.showo2.backend.tensorrt.internal.device.EngineCall;
import dev.showo2.error.BackendException;
import dev.showo2.error.InsufficientMemoryException;
import dev.showo2.error.ShowO2Exception;
import dev.showo2.tensor.Shape;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The calls of loading, running, recording and closing, and what a failure of each leaves. */
class EngineCallsTest {

  private static final Map<String, Shape> SHAPES = Map.of("x", Shape.of(2, 4));
  private static final Map<String, long[]> VALUES = Map.of("length", new long[] {3});

  @Test
  void loadsAndCloses() {
    RecordedCalls calls = calls();
    NvinferRunner runner = runner(calls);
    assertEquals(
        """
        createRuntime() = runtime1
        createStream(stream1)
        driverVersion()
        runtimeVersion()
        computeCapability(, 0)
        deviceName(, 0)
        libraryVersion()
        """,
        calls.protocol());
    assertEquals(
        "TensorRT 10.15.1.29, CUDA 13.1, driver for CUDA 13.1, NVIDIA Test GPU, compute capability"
            + " 9.0",
        runner.platform());

    Engine engine = load(runner);
    assertEquals(
        """
        deserialize(runtime1, [java.nio.DirectByteBuffer[pos=0 lim=8 cap=8]]) = deserialize1
        weightBytes(deserialize1)
        tensors(deserialize1)
        profiles(deserialize1)
        scratchBytes(deserialize1)
        allocate(memory1, 512)
        """,
        calls.protocol());
    assertEquals(1_000 + 512, engine.deviceBytes());
    assertEquals(Set.of("y"), engine.outputs());

    engine.close();
    runner.close();
    assertEquals(
        """
        free(memory1)
        destroy(deserialize1)
        synchronize(stream1)
        synchronize(stream1)
        destroyStream(stream1)
        destroy(runtime1)
        """,
        calls.protocol());
    assertEquals(List.of(), List.copyOf(calls.left()));
  }

  @Test
  void runs() {
    RecordedCalls calls = calls();
    try (NvinferRunner runner = runner(calls);
        DeviceStream stream = runner.openStream();
        Engine engine = load(runner);
        DeviceMemory in = stream.allocate(64);
        DeviceMemory out = stream.allocate(32)) {
      calls.protocol();
      stream.upload(ByteBuffer.allocateDirect(32), in);
      stream.enqueue(engine, call(in, out, 3));
      ByteBuffer result = ByteBuffer.allocateDirect(40).position(8);
      stream.download(out, result);
      stream.synchronize();
      assertEquals(
          """
          upload(memory2, 32 bytes, stream2)
          createContext(deserialize1) = context1
          setScratch(context1, memory1, 512)
          setProfile(context1, 1, stream1)
          synchronize(stream1)
          setShape(context1, x, [2, 4])
          setHostAddress(context1, length, 256 bytes)
          setShape(context1, length, [1])
          allInputsSpecified(context1)
          shape(context1, y)
          setAddress(context1, x, memory2)
          setAddress(context1, y, memory3)
          enqueue(context1, stream2)
          download(32 bytes, memory3, stream2)
          synchronize(stream2)
          """,
          calls.protocol());

      // What is as before is not set again.
      stream.enqueue(engine, call(in, out, 3));
      assertEquals("enqueue(context1, stream2)\n", calls.protocol());

      stream.enqueue(engine, call(in, out, 4));
      assertEquals(
          """
          setHostAddress(context1, length, 256 bytes)
          allInputsSpecified(context1)
          shape(context1, y)
          enqueue(context1, stream2)
          """,
          calls.protocol());
    }
    assertEquals(List.of(), List.copyOf(calls.left()));
  }

  @Test
  void copiesAndClearsRows() {
    RecordedCalls calls = calls();
    try (NvinferRunner runner = runner(calls);
        DeviceStream stream = runner.openStream();
        DeviceMemory one = stream.allocate(64);
        DeviceMemory two = stream.allocate(64)) {
      calls.protocol();
      stream.copy(new Rows(one, 4, 16), new Rows(two, 8, 20), 8, 3);
      stream.copy(new Rows(one, 4, 8), new Rows(two, 8, 8), 8, 3);
      stream.clear(new Rows(one, 0, 16), 8, 4);
      stream.clear(new Rows(one, 8, 1 << 20), 56, 1);
      stream.clear(new Rows(one, 0, 16), 0, 4);
      assertEquals(
          """
          copyRows(memory2+8 every 20, memory1+4 every 16, 8, 3, stream2)
          copy(memory2+8, memory1+4, 24, stream2)
          clearRows(memory1 every 16, 8, 4, stream2)
          clear(memory1+8, 56, stream2)
          """,
          calls.protocol());

      for (Rows outside :
          List.of(new Rows(one, 57, 8), new Rows(one, -1, 8), new Rows(one, 0, 7))) {
        assertThrows(IllegalArgumentException.class, () -> stream.clear(outside, 8, 1));
      }
      assertThrows(IllegalArgumentException.class, () -> stream.clear(new Rows(one, 1, 16), 16, 4));
      assertThrows(
          ArithmeticException.class,
          () -> stream.clear(new Rows(one, 0, Long.MAX_VALUE / 2), 8, 4));
      assertEquals("\n", calls.protocol());
    }
  }

  @Test
  void recordsAndLaunches() {
    RecordedCalls calls = calls();
    try (NvinferRunner runner = runner(calls);
        DeviceStream stream = runner.openStream();
        Engine engine = load(runner);
        DeviceMemory out = stream.allocate(32)) {
      try (DeviceMemory in = stream.allocate(64)) {
        stream.enqueue(engine, call(in, out, 3));
      }
      calls.protocol();
      DeviceStream.Recording recording =
          stream.record(
              () -> {
                try (DeviceMemory in = stream.allocate(64)) {
                  stream.enqueue(engine, call(in, out, 3));
                }
              });
      recording.launch();
      recording.launch();
      recording.close();
      recording.close();
      assertEquals(
          """
          beginCapture(stream2)
          allocate(memory4, 64)
          setAddress(context1, x, memory4)
          enqueue(context1, stream2)
          endCapture(stream2, graph1)
          instantiate(executable1, graph1)
          launch(executable1, stream2)
          launch(executable1, stream2)
          synchronize(stream2)
          destroyExecutable(executable1)
          destroyGraph(graph1)
          free(memory4)
          """,
          calls.protocol());
      assertThrows(IllegalStateException.class, recording::launch);
    }
    assertEquals(List.of(), List.copyOf(calls.left()));
  }

  @Test
  void endsARecordingWhoseCallsThrow() {
    RecordedCalls calls = calls();
    try (NvinferRunner runner = runner(calls);
        DeviceStream stream = runner.openStream();
        DeviceMemory before = stream.allocate(1)) {
      calls.protocol();
      for (Runnable wrong :
          List.<Runnable>of(
              stream::synchronize, before::close, () -> stream.record(() -> {}), stream::close)) {
        assertThrows(
            IllegalStateException.class,
            () ->
                stream.record(
                    () -> {
                      stream.allocate(8);
                      wrong.run();
                    }));
        assertTrue(
            calls
                .protocol()
                .matches(
                    """
                beginCapture\\(stream2\\)
                allocate\\(memory\\d, 8\\)
                endCapture\\(stream2, graph\\d\\)
                destroyGraph\\(graph\\d\\)
                free\\(memory\\d\\)
                """));
      }
      stream.synchronize();
    }
    assertEquals(List.of(), List.copyOf(calls.left()));
  }

  @Test
  void waitsBeforeAnotherStreamUsesTheSameMemory() {
    RecordedCalls calls = calls();
    try (NvinferRunner runner = runner(calls);
        DeviceStream first = runner.openStream();
        DeviceStream second = runner.openStream();
        Engine engine = load(runner);
        DeviceMemory in = first.allocate(64);
        DeviceMemory out = first.allocate(32)) {
      first.enqueue(engine, call(in, out, 3));
      calls.protocol();
      second.enqueue(engine, call(in, out, 3));
      assertEquals("synchronize(stream2)\nenqueue(context1, stream3)\n", calls.protocol());
    }
  }

  @Test
  void streamsWeights() {
    RecordedCalls calls = calls().answer("streamableWeightBytes", arguments -> 800L);
    try (NvinferRunner runner = runner(calls)) {
      calls.protocol();
      try (Engine engine = runner.load(List.of(plan()), OptionalLong.of(300))) {
        assertTrue(
            calls.protocol().contains("setWeightBudget(deserialize1, 300)\n"), "budget is set");
        assertEquals(1_000 - 800 + 300 + 512, engine.deviceBytes());
      }
      try (Engine engine = runner.load(List.of(plan()), OptionalLong.of(Long.MAX_VALUE))) {
        assertEquals(1_000 + 512, engine.deviceBytes());
      }
      calls.answer("streamableWeightBytes", arguments -> 0L);
      assertThrows(
          BackendException.class, () -> runner.load(List.of(plan()), OptionalLong.of(300)));
    }
    assertEquals(List.of(), List.copyOf(calls.left()));
  }

  @Test
  void refits() {
    RecordedCalls calls = calls();
    try (NvinferRunner runner = runner(calls);
        Engine engine = load(runner)) {
      calls.protocol();
      engine.refit(Path.of("new.onnx"));
      assertEquals(
          """
          createRefitter(deserialize1) = refitter1
          createParserRefitter(refitter1) = parserRefitter1
          readWeights(parserRefitter1, new.onnx)
          refit(refitter1)
          destroyParserRefitter(parserRefitter1)
          destroy(refitter1)
          """,
          calls.protocol());
    }
  }

  /** Each call fails once, of CUDA's with an error of memory and with another one. */
  @Test
  void freesEverythingWhicheverCallFails() {
    RecordedCalls counted = calls();
    everything(counted);
    assertTrue(counted.fallible() > 40, "calls that can fail: " + counted.fallible());
    for (int cudaError : new int[] {CudaCalls.OUT_OF_MEMORY, 700}) {
      for (int i = 0; i < counted.fallible(); i++) {
        RecordedCalls calls = calls().failAt(i, cudaError);
        ShowO2Exception thrown = null;
        try {
          everything(calls);
        } catch (ShowO2Exception e) {
          thrown = e;
        }
        String failed = i + " " + calls.failed();
        assertEquals(List.of(), List.copyOf(calls.left()), failed);
        if (thrown == null) {
          // Whoever frees something waits, and leaves errors to those who made the calls.
          assertTrue(Set.of("synchronize", "setDevice").contains(calls.failed()), failed);
        } else if (cudaError == CudaCalls.OUT_OF_MEMORY && calls.failed().startsWith("alloc")) {
          assertEquals(InsufficientMemoryException.class, thrown.getClass(), failed);
        }
      }
    }
  }

  private static void everything(RecordedCalls calls) {
    try (NvinferRunner runner = runner(calls);
        DeviceStream stream = runner.openStream();
        Engine engine = load(runner);
        DeviceMemory in = stream.allocate(64);
        DeviceMemory out = stream.allocate(32)) {
      stream.upload(ByteBuffer.allocateDirect(64), in);
      stream.clear(new Rows(out, 0, 8), 4, 2);
      stream.copy(new Rows(in, 0, 32), new Rows(out, 0, 32), 32, 1);
      engine.outputShapes(0, SHAPES, VALUES);
      stream.enqueue(engine, call(in, out, 3));
      Consumer<DeviceMemory> run = memory -> stream.enqueue(engine, call(memory, out, 3));
      try (DeviceStream.Recording recording =
          stream.record(
              () -> {
                DeviceMemory inner = stream.allocate(64);
                stream.copy(new Rows(in, 0, 8), new Rows(inner, 8, 16), 8, 2);
                run.accept(inner);
              })) {
        recording.launch();
      }
      stream.download(out, ByteBuffer.allocateDirect(32));
      stream.synchronize();
      engine.refit(Path.of("new.onnx"));
    }
  }

  @Test
  void refusesWhatWouldBeAFaultInTheLibrary() {
    RecordedCalls calls = calls();
    try (NvinferRunner runner = runner(calls);
        DeviceStream stream = runner.openStream();
        Engine engine = load(runner);
        DeviceMemory in = stream.allocate(64);
        DeviceMemory out = stream.allocate(32);
        DeviceMemory small = stream.allocate(31)) {
      Map<String, EngineCall.Binding> inputs =
          Map.of("x", new EngineCall.Binding(in, SHAPES.get("x")));
      Map<String, EngineCall.Binding> outputs =
          Map.of("y", new EngineCall.Binding(out, SHAPES.get("y")));
      refuses(stream, engine, new EngineCall(1, Map.of(), VALUES, outputs));
      refuses(stream, engine, new EngineCall(1, inputs, Map.of(), outputs));
      refuses(stream, engine, new EngineCall(1, inputs, VALUES, Map.of()));
      refuses(stream, engine, new EngineCall(2, inputs, VALUES, outputs));
      refuses(stream, engine, new EngineCall(-1, inputs, VALUES, outputs));
      refuses(stream, engine, call(in, small, 3));
      refuses(
          stream,
          engine,
          new EngineCall(
              1, inputs, VALUES, Map.of("y", new EngineCall.Binding(out, Shape.of(2, 3)))));
      assertThrows(
          IllegalArgumentException.class, () -> stream.upload(ByteBuffer.allocateDirect(65), in));
      assertThrows(IllegalArgumentException.class, () -> stream.upload(ByteBuffer.allocate(1), in));
      assertThrows(
          IllegalArgumentException.class,
          () -> stream.download(in, ByteBuffer.allocateDirect(1).asReadOnlyBuffer()));
      assertTrue(!calls.protocol().contains("enqueue"), "nothing was run");

      DeviceMemory closed = stream.allocate(64);
      closed.close();
      assertThrows(IllegalStateException.class, closed::close);
      assertThrows(IllegalStateException.class, () -> stream.enqueue(engine, call(closed, out, 3)));
    }
    assertEquals(List.of(), List.copyOf(calls.left()));
  }

  @Test
  void refusesAnEngineThatIsClosed() {
    RecordedCalls calls = calls();
    try (NvinferRunner runner = runner(calls);
        DeviceStream stream = runner.openStream();
        DeviceMemory in = stream.allocate(64);
        DeviceMemory out = stream.allocate(32)) {
      Engine engine = load(runner);
      engine.close();
      engine.close();
      assertThrows(IllegalStateException.class, () -> stream.enqueue(engine, call(in, out, 3)));
    }
    assertEquals(List.of(), List.copyOf(calls.left()));
  }

  private static void refuses(DeviceStream stream, Engine engine, EngineCall call) {
    assertThrows(IllegalArgumentException.class, () -> stream.enqueue(engine, call));
  }

  @Test
  void freesWhatIsLeftOpen() {
    RecordedCalls calls = calls();
    NvinferRunner runner = runner(calls);
    DeviceStream stream = runner.openStream();
    Engine engine = load(runner);
    DeviceMemory in = stream.allocate(64);
    DeviceMemory out = stream.allocate(32);
    stream.enqueue(engine, call(in, out, 3));
    stream.record(() -> stream.enqueue(engine, call(in, out, 3)));
    runner.close();
    assertEquals(List.of(), List.copyOf(calls.left()));
    in.close();
    assertThrows(IllegalStateException.class, in::close);
    assertThrows(IllegalStateException.class, () -> stream.allocate(1));
    assertThrows(IllegalStateException.class, runner::openStream);
  }

  @Test
  void saysWhatTensorRtReported() {
    RecordedCalls calls =
        calls()
            .answer("enqueue", arguments -> false)
            .answer("messages", arguments -> "Error Code 3: bad thing");
    try (NvinferRunner runner = runner(calls);
        DeviceStream stream = runner.openStream();
        Engine engine = load(runner);
        DeviceMemory in = stream.allocate(64);
        DeviceMemory out = stream.allocate(32)) {
      BackendException thrown =
          assertThrows(BackendException.class, () -> stream.enqueue(engine, call(in, out, 3)));
      assertEquals(
          "running an engine: TensorRT failed: Error Code 3: bad thing", thrown.getMessage());
    }
  }

  private static EngineCall call(DeviceMemory in, DeviceMemory out, long length) {
    return new EngineCall(
        1,
        Map.of("x", new EngineCall.Binding(in, Shape.of(2, 4))),
        Map.of("length", new long[] {length}),
        Map.of("y", new EngineCall.Binding(out, Shape.of(2, 4))));
  }

  private static ByteBuffer plan() {
    return ByteBuffer.allocateDirect(8);
  }

  private static Engine load(NvinferRunner runner) {
    return runner.load(List.of(plan()), OptionalLong.empty());
  }

  private static NvinferRunner runner(RecordedCalls calls) {
    return new NvinferRunner(new CudaDevice(calls.cuda(), 0), calls.runtime());
  }

  private static RecordedCalls calls() {
    return new RecordedCalls()
        .answer("weightBytes", arguments -> 1_000L)
        .answer("scratchBytes", arguments -> 512L)
        .answer("profiles", arguments -> 2)
        .answer("shape", arguments -> new long[] {2, 4})
        .answer(
            "tensors",
            arguments ->
                List.of(
                    new RuntimeCalls.IoTensor("x", true, false, 32, new long[] {-1, 4}),
                    new RuntimeCalls.IoTensor("length", true, true, 64, new long[] {1}),
                    new RuntimeCalls.IoTensor("y", false, false, 32, new long[] {-1, 4})));
  }
}
