package dev.showo2.samples.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A Java process of its own, with the class path of the tests. */
public final class ChildJvm implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 120;

  private final Process process;
  private final Path out;
  private final Path err;

  private ChildJvm(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /** The end of a process. */
  public record Result(int code, String out, String err) {}

  /** What a shell would be given to start a class. */
  public static List<String> command(String mainClass, String... args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", classPath(), mainClass));
    command.addAll(List.of(args));
    return command;
  }

  public static String classPath() {
    return System.getProperty("java.class.path");
  }

  /**
   * @param folder working directory; also gets files of the output
   */
  public static ChildJvm start(Path folder, Map<String, String> environment, List<String> command)
      throws IOException {
    Path out = Files.createTempFile(folder, "stdout", ".txt");
    Path err = Files.createTempFile(folder, "stderr", ".txt");
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.redirectOutput(out.toFile());
    builder.environment().put("SHOWO2_CACHE", TestCache.folder().toString());
    builder.environment().putAll(environment);
    Process process = builder.start();
    return new ChildJvm(process, out, err);
  }

  public static Result run(Path folder, Map<String, String> environment, List<String> command)
      throws IOException, InterruptedException {
    try (ChildJvm child = start(folder, environment, command)) {
      return child.await();
    }
  }

  /** Reads what it reports up to the first line with this text. */
  public void awaitNote(String text) throws IOException {
    StringBuilder seen = new StringBuilder(Files.readString(err));
    BufferedReader reader = process.errorReader(StandardCharsets.UTF_8);
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      seen.append(line).append('\n');
      Files.writeString(err, seen);
      if (line.contains(text)) {
        return;
      }
    }
    throw new AssertionError("ended without '" + text + "': " + seen);
  }

  /** Asks it to end, as a user's Ctrl-C does. */
  public void terminate() {
    // By its handle: the process itself would also close the streams that are read here.
    process.toHandle().destroy();
  }

  public Result await() throws IOException, InterruptedException {
    String rest;
    try (BufferedReader reader = process.errorReader(StandardCharsets.UTF_8)) {
      rest = String.join("\n", reader.lines().toList());
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("did not end");
    }
    return new Result(
        process.exitValue(),
        Files.readString(out, StandardCharsets.UTF_8),
        Files.readString(err, StandardCharsets.UTF_8) + rest);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
