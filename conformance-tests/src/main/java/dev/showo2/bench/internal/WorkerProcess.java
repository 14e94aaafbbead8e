package dev.showo2.bench.internal;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.showo2.bench.BenchmarkTarget;
import dev.showo2.error.BackendException;
import dev.showo2.error.CancelledException;
import dev.showo2.error.InsufficientMemoryException;
import dev.showo2.error.InvalidModelException;
import dev.showo2.error.InvalidRequestException;
import dev.showo2.error.ShowO2Exception;
import dev.showo2.error.UnsupportedFeatureException;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.Writer;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apiguardian.api.API;

/** A measured process, from outside. Not thread-safe. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class WorkerProcess implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 60;

  private final BenchmarkTarget target;
  private final Process process;
  private final BufferedReader out;
  private final Writer in;
  private final Path errors;

  private WorkerProcess(BenchmarkTarget target, Process process, Path errors) {
    this.target = target;
    this.process = process;
    this.errors = errors;
    out = process.inputReader(StandardCharsets.UTF_8);
    in = process.outputWriter(StandardCharsets.UTF_8);
  }

  /** Starts a process; nothing is opened in it yet. */
  public static WorkerProcess start(BenchmarkTarget target) throws IOException {
    Path errors = Files.createTempFile("showo2-bench", ".txt");
    try {
      List<String> command =
          List.of(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-cp",
              classPath(target.build()),
              BenchmarkWorker.class.getName());
      Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
      return new WorkerProcess(target, process, errors);
    } catch (IOException | RuntimeException | Error e) {
      Files.deleteIfExists(errors);
      throw e;
    }
  }

  /** Of another build, with the classes of this package from here. */
  private static String classPath(Optional<Path> build) {
    if (build.isEmpty()) {
      return System.getProperty("java.class.path");
    }
    try {
      Path own =
          Path.of(
              BenchmarkWorker.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      List<String> places = new ArrayList<>();
      places.add(own.toString());
      places.add(build.get().toString());
      places.add(build.get().toAbsolutePath().getParent().resolve("lib") + File.separator + "*");
      return String.join(File.pathSeparator, places);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Asks, and waits for the answer. */
  public JsonObject ask(JsonObject command) throws IOException {
    try {
      in.write(command + "\n");
      in.flush();
    } catch (IOException e) {
      throw died(e);
    }
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith(BenchmarkWorker.ANSWER)) {
        JsonObject answer =
            JsonParser.parseString(line.substring(BenchmarkWorker.ANSWER.length()))
                .getAsJsonObject();
        if (answer.has("error")) {
          throw failure(
              answer.get("type"), target.label() + ": " + answer.get("error").getAsString());
        }
        return answer;
      }
    }
    throw died(null);
  }

  /** With the message of what failed there. */
  private static ShowO2Exception failure(JsonElement type, String message) {
    return switch (type.getAsString()) {
      case "UnsupportedFeatureException" -> new UnsupportedFeatureException(message);
      case "InvalidRequestException", "IllegalArgumentException" ->
          new InvalidRequestException(message);
      case "InvalidModelException" -> new InvalidModelException(message);
      case "InsufficientMemoryException" -> new InsufficientMemoryException(message);
      case "CancelledException" -> new CancelledException(message);
      default -> new BackendException(message);
    };
  }

  private BackendException died(IOException cause) throws IOException {
    String printed = Files.readString(errors, StandardCharsets.ISO_8859_1).strip();
    String last = printed.substring(printed.lastIndexOf('\n') + 1);
    return new BackendException(
        target.label()
            + ": the measured process has ended"
            + (process.isAlive() ? "" : " with exit code " + process.exitValue())
            + (last.isEmpty() ? ", memory may have run out" : "; it last printed: " + last),
        cause);
  }

  /** Lets the process close what it opened; kills it if it does not end. */
  @Override
  public void close() {
    try (out) {
      in.close();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      Files.deleteIfExists(errors);
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
