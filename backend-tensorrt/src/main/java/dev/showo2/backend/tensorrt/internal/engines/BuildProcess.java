package dev.showo2.backend.tensorrt.internal.engines;

import com.google.gson.JsonObject;
import dev.showo2.backend.tensorrt.internal.device.PlanBuilder.PlanRequest;
import dev.showo2.backend.tensorrt.internal.engines.BuildProtocol.Line;
import dev.showo2.backend.tensorrt.internal.engines.BuildProtocol.Word;
import dev.showo2.error.BackendException;
import dev.showo2.error.ShowO2Exception;
import dev.showo2.error.internal.Interruptions;
import dev.showo2.model.internal.JsonFields;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** A process that runs {@link BuildProgram}, and what it tells. Closing ends it. */
final class BuildProcess implements AutoCloseable {

  /** Between two looks whether the build was cancelled. */
  private static final long POLL_MILLISECONDS = 50;

  /** For the end of a process that has told its result, and for output that it has left. */
  private static final long PATIENCE_MILLISECONDS = 5000;

  private static final int WARNS_OF_NATIVE_CODE = 24;

  /** Exit codes of processes that a signal ended begin here. */
  private static final int SIGNALS = 128;

  private final Process process;
  private final String graph;
  private final BlockingQueue<Line> lines = new LinkedBlockingQueue<>();
  private final OutputTail tail = new OutputTail();
  private final List<Thread> readers = new ArrayList<>();

  private BuildProcess(Process process, String graph) {
    this.process = process;
    this.graph = graph;
    read(process.getInputStream(), "out");
    read(process.getErrorStream(), "err");
  }

  /**
   * Starts a process.
   *
   * @param folder for the request
   * @param plan what to build
   */
  static BuildProcess start(EngineRequest request, Path folder, PlanRequest plan)
      throws IOException {
    Path file = folder.resolve("request.json");
    Files.writeString(file, RequestJson.write(request.builder().getName(), plan).toString());
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmOptions(folder));
    command.add("-cp");
    command.add(
        request
            .classPath()
            .orElseGet(
                () ->
                    ChildClassPath.of(
                        List.of(
                            request.builder(),
                            BuildProgram.class,
                            JsonFields.class,
                            JsonObject.class))));
    command.add(BuildProgram.class.getName());
    command.add(file.toString());
    ProcessBuilder builder = new ProcessBuilder(command);
    // Agents and heaps of this program are not meant for that one.
    builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
    return new BuildProcess(builder.start(), request.graph());
  }

  private static List<String> jvmOptions(Path folder) {
    List<String> options = new ArrayList<>();
    if (Runtime.version().feature() >= WARNS_OF_NATIVE_CODE) {
      options.add("--enable-native-access=ALL-UNNAMED");
    }
    options.add("-XX:ErrorFile=" + folder.resolve("crash.txt"));
    // Starts faster; there is little Java to run and little on the heap.
    options.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    // Mapped weights are no memory of the process.
    options.add("-Dorg.bytedeco.javacpp.maxphysicalbytes=0");
    for (String name : System.getProperties().stringPropertyNames()) {
      if (name.startsWith("org.bytedeco.")
          || List.of("java.library.path", "java.io.tmpdir", "user.home").contains(name)) {
        options.add("-D" + name + "=" + System.getProperty(name));
      }
    }
    return options;
  }

  private void read(InputStream stream, String name) {
    Thread thread =
        new Thread(null, () -> readLines(stream), "showo2-engine-builder-" + name, 0, false);
    thread.setDaemon(true);
    thread.start();
    readers.add(thread);
  }

  private void readLines(InputStream stream) {
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        Optional<Line> told = Line.parse(line);
        if (told.isPresent()) {
          lines.add(told.get());
        } else {
          tail.add(line);
        }
      }
    } catch (IOException e) {
      // Closed with the process.
    }
  }

  /**
   * Waits for the result.
   *
   * @param progress is called on this thread
   * @throws IOException if the process could not read or write a file
   * @throws ShowO2Exception if it could not build the plan for another reason, was cancelled, or
   *     has ended without a result
   */
  void await(Consumer<String> progress, BooleanSupplier cancelled) throws IOException {
    try {
      Line line = next(cancelled);
      while (line.word() == Word.PROGRESS) {
        progress.accept(line.text());
        line = next(cancelled);
      }
      process.waitFor(PATIENCE_MILLISECONDS, TimeUnit.MILLISECONDS);
      if (line.word() == Word.FILES) {
        throw new IOException(line.text());
      }
      if (line.word() != Word.DONE) {
        throw BuildProtocol.exception(line, graph, tail.text());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Interruptions.cancelledOr(e, () -> BuildProtocol.cancelled(graph));
    }
  }

  private Line next(BooleanSupplier cancelled) throws InterruptedException {
    while (true) {
      Interruptions.check();
      if (cancelled.getAsBoolean()) {
        throw BuildProtocol.cancelled(graph);
      }
      // In this order: what it told before its end counts.
      boolean ended = !process.isAlive();
      if (ended) {
        for (Thread reader : readers) {
          reader.join(PATIENCE_MILLISECONDS);
        }
      }
      Line line = lines.poll(ended ? 0 : POLL_MILLISECONDS, TimeUnit.MILLISECONDS);
      if (line != null) {
        return line;
      }
      if (ended) {
        throw ended(process.exitValue());
      }
    }
  }

  private BackendException ended(int code) {
    String how = code > SIGNALS ? String.format(Locale.ROOT, " (signal %d)", code - SIGNALS) : "";
    return new BackendException(
        "the engine builder, a process of its own, ended with exit code "
            + code
            + how
            + " while it built an engine of "
            + graph
            + ". Look whether driver, CUDA and TensorRT fit each other and whether there was memory"
            + " left"
            + tail.text());
  }

  /** Ends the process and those that it has started, and waits until it is gone. */
  @Override
  public void close() {
    List<ProcessHandle> descendants = process.descendants().toList();
    // By its handle: the process itself would also close the streams that are read here.
    process.toHandle().destroyForcibly();
    descendants.forEach(ProcessHandle::destroyForcibly);
    // Its files are about to be deleted, after an interrupt as well.
    process
        .onExit()
        .completeOnTimeout(process, PATIENCE_MILLISECONDS, TimeUnit.MILLISECONDS)
        .join();
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      // Nothing was written.
    }
  }

  /** The last lines that a process has printed, for the message of its end. Thread-safe. */
  private static final class OutputTail {

    private static final int LINES = 12;
    private static final int LINE_LIMIT = 400;

    private final Deque<String> lines = new ArrayDeque<>();

    synchronized void add(String line) {
      if (line.isBlank()) {
        return;
      }
      if (lines.size() == LINES) {
        lines.removeFirst();
      }
      lines.add(line.length() <= LINE_LIMIT ? line : line.substring(0, LINE_LIMIT) + "...");
    }

    /** {@return the lines as the end of a message; empty if there were none} */
    synchronized String text() {
      return lines.isEmpty() ? "" : "; its last lines were:\n" + String.join("\n", lines);
    }
  }
}
