package dev.showo2.backend.djl;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A Java process of its own, with the class path of the tests or parts of it. */
final class ChildProcess {

  /** Kept between the tests, since unpacking takes seconds; gone with a clean. */
  static final Path CACHE = Path.of("target", "test-cache").toAbsolutePath();

  private static final long PATIENCE_SECONDS = 120;

  /** The version of Java. */
  private static final int WARNS_OF_NATIVE_CODE = 24;

  private final Class<?> program;
  private final List<String> arguments;
  private final List<String> options = new ArrayList<>();
  private final Map<String, String> environment =
      new TreeMap<>(Map.of("SHOWO2_CACHE", CACHE.toString()));
  private String classPath = System.getProperty("java.class.path");

  ChildProcess(Class<?> program, String... arguments) {
    this.program = program;
    this.arguments = List.of(arguments);
  }

  /** The end of a process. */
  record Result(int code, String out, String err) {

    /** {@return the lines of its output} */
    List<String> lines() {
      return out.lines().toList();
    }
  }

  ChildProcess option(String option) {
    options.add(option);
    return this;
  }

  ChildProcess variable(String name, Path value) {
    environment.put(name, value.toString());
    return this;
  }

  /** Leaves out the jars whose names contain a text. */
  ChildProcess without(String jar) {
    return classPath(entry -> !entry.getFileName().toString().contains(jar));
  }

  private ChildProcess classPath(Predicate<Path> kept) {
    classPath =
        String.join(
            File.pathSeparator,
            Arrays.stream(classPath.split(File.pathSeparator))
                .filter(entry -> kept.test(Path.of(entry)))
                .toList());
    return this;
  }

  /** Adds an entry before the others. */
  ChildProcess with(Path entry) {
    classPath = entry + File.pathSeparator + classPath;
    return this;
  }

  /**
   * @param folder working directory; also gets files of the output
   */
  ProcessBuilder builder(Path folder) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (Runtime.version().feature() >= WARNS_OF_NATIVE_CODE) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.addAll(options);
    command.addAll(List.of("-cp", classPath, program.getName()));
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectError(folder.resolve("stderr.txt").toFile());
    builder.environment().putAll(environment);
    return builder;
  }

  Result run(Path folder) throws IOException, InterruptedException {
    Path out = folder.resolve("stdout.txt");
    Process process = builder(folder).redirectOutput(out.toFile()).start();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("did not end: " + Files.readString(folder.resolve("stderr.txt")));
      }
      return new Result(
          process.exitValue(),
          Files.readString(out, StandardCharsets.UTF_8),
          Files.readString(folder.resolve("stderr.txt"), StandardCharsets.UTF_8));
    } finally {
      process.destroyForcibly();
    }
  }
}
