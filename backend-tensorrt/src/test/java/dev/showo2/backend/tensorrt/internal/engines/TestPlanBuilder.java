package dev.showo2.backend.tensorrt.internal.engines;

import dev.showo2.backend.tensorrt.internal.device.EngineSpec;
import dev.showo2.backend.tensorrt.internal.device.PlanBuilder;
import dev.showo2.error.InsufficientMemoryException;
import dev.showo2.error.UnsupportedFeatureException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Builds plans that say what they are of. Words in the name of the graph's file make it fail or
 * wait, and a file beside the graph counts the builds.
 */
public final class TestPlanBuilder implements PlanBuilder {

  static final int EXIT_CODE = 7;

  /** What Linux calls a full disk. */
  private static final Path FULL = Path.of("/dev/full");

  private static final String BUILDS = "builds";

  /** Called by the process that builds. */
  public TestPlanBuilder() {}

  /** The plan that {@link #build} writes. */
  static String plan(EngineSpec spec, BuildOptions options) throws IOException {
    return Files.readString(spec.graph())
        + RequestJson.write(spec)
        + RequestJson.write(options)
        + "\n";
  }

  /** The graphs that were built, with the timings that were there. */
  static List<String> builds(Path folder) throws IOException {
    Path file = folder.resolve(BUILDS);
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  @Override
  public void build(PlanRequest request, Consumer<String> progress) throws IOException {
    Path graph = request.spec().graph();
    String name = graph.getFileName().toString();
    List<String> words = Arrays.asList(name.substring(0, name.length() - 5).split("-"));
    String timings = Files.exists(request.timings()) ? Files.readString(request.timings()) : "";
    Files.writeString(
        graph.resolveSibling(BUILDS),
        name + timings + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
    progress.accept("testing kernels\nof " + name);
    byte[] plan = plan(request.spec(), request.options()).getBytes(StandardCharsets.UTF_8);
    try (OutputStream out = Files.newOutputStream(request.plan(), StandardOpenOption.CREATE_NEW)) {
      out.write(plan, 0, plan.length / 2);
      out.flush();
      for (String word : words) {
        behave(word, graph.getParent());
      }
      out.write(plan, plan.length / 2, plan.length - plan.length / 2);
    }
    Files.writeString(request.timings(), timings + " " + name);
  }

  private static void behave(String word, Path folder) throws IOException {
    switch (word) {
      case "gate" -> Gate.pass(folder);
      case "exit" -> {
        System.out.println("printed in the middle");
        System.err.println("the last words");
        Runtime.getRuntime().halt(EXIT_CODE);
      }
      case "full" -> Files.write(FULL, new byte[1 << 16], StandardOpenOption.WRITE);
      case "unsupported" -> throw new UnsupportedFeatureException("no operator Foo");
      case "memory" -> throw new InsufficientMemoryException("no room on the GPU");
      case "bug" -> throw new IllegalStateException("a bug");
      case "child" ->
          Files.writeString(
              folder.resolve("child"),
              String.valueOf(new ProcessBuilder("sleep", "600").start().pid()));
      default -> {
        // A word without a meaning.
      }
    }
  }
}
