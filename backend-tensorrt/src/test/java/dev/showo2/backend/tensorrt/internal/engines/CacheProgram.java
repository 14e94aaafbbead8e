package dev.showo2.backend.tensorrt.internal.engines;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Asks for a plan from a process of its own, and prints the progress, then "got" and the plan. Its
 * arguments are the fixture's folder and the file name of a graph.
 */
final class CacheProgram {

  private CacheProgram() {}

  static Process start(Path folder, String graph) throws IOException {
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                CacheProgram.class.getName(),
                folder.toString(),
                graph))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /**
   * Gets a plan.
   *
   * @param arguments see above
   */
  public static void main(String[] arguments) throws IOException {
    CacheFixture fixture = CacheFixture.in(Path.of(arguments[0]));
    EngineRequest request = fixture.request(arguments[1]);
    try (EngineCache cache = fixture.open();
        CachedPlan plan = cache.plan(request, System.out::println, () -> false)) {
      System.out.println("got " + CacheFixture.text(plan));
      System.out.flush();
      if (arguments[1].contains("keep")) {
        Gate.pass(fixture.bundle());
      }
    }
  }
}
