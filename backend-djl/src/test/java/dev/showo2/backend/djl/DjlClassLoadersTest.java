package dev.showo2.backend.djl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.backend.djl.ClassLoadersProgram.Case;
import dev.showo2.conformance.FixtureModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Several class loaders and several engines in one process. */
class DjlClassLoadersTest {

  @TempDir private Path folder;

  private List<String> run(ChildProcess child) throws Exception {
    ChildProcess.Result result =
        child.option("-XX:ErrorFile=" + folder.resolve("hs_err.log")).run(folder);
    assertEquals("", result.err());
    assertEquals(0, result.code(), result.out());
    return result.lines();
  }

  private static List<String> copies() throws IOException {
    try (Stream<Path> files = Files.list(ChildProcess.CACHE.resolve("native"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith(".loading"))
          .toList();
    }
  }

  /** The JVM gives a native library to one class loader, and PyTorch bears no second copy. */
  @Test
  void severalApplicationsOfOneProcess() throws Exception {
    String sum = EngineProgram.SUM;
    assertEquals(
        List.of(sum, sum, sum),
        run(new ChildProcess(ClassLoadersProgram.class, Case.TOGETHER.name())));
    assertEquals(List.of(), copies());
  }

  /** Which it has in another place. */
  @Test
  void besideAnApplicationThatUsesDjlItself() throws Exception {
    // Unpacks them.
    run(new ChildProcess(EngineProgram.class));
    Path foreign = Files.createDirectory(folder.resolve("foreign"));
    try (Stream<Path> files =
        Files.list(DjlLibraryTest.onlyFolder(ChildProcess.CACHE, "pytorch"))) {
      for (Path file : files.toList()) {
        Files.copy(file, foreign.resolve(file.getFileName()));
      }
    }
    assertEquals(
        List.of("true", EngineProgram.SUM),
        run(new ChildProcess(ClassLoadersProgram.class, Case.FOREIGN.name(), foreign.toString())));
  }

  /** No thread and no hook keeps them; the class loader with DJL stays, as its library wants. */
  @Test
  void applicationsThatComeAndGoBesideASharedDjl() throws Exception {
    String sum = EngineProgram.SUM;
    assertEquals(
        List.of(sum, "collected", sum, "collected", sum, "collected"),
        run(new ChildProcess(ClassLoadersProgram.class, Case.REDEPLOYED.name())));
  }

  /** PyTorch and ONNX Runtime, whichever is loaded first. */
  @ParameterizedTest
  @CsvSource({"djl,onnx", "onnx,djl"})
  void besideOnnxRuntime(String first, String second) throws Exception {
    try (FixtureModels models = new FixtureModels()) {
      String bundle = models.bundle("tiny-a").directory().toString();
      List<String> lines = run(new ChildProcess(TwoEnginesProgram.class, bundle, first, second));
      assertEquals(first + " " + second, lines.get(0));
      assertTrue(lines.get(1).matches("differ by [01]"), lines.toString());
      assertTrue(lines.get(2).matches("differ by [01]"), lines.toString());
      assertEquals(List.of("alone again: 0", "connections []"), lines.subList(3, 5));
    }
  }
}
