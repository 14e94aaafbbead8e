package dev.showo2.samples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.media.PngText;
import dev.showo2.samples.testing.ChildJvm;
import dev.showo2.samples.testing.TestCache;
import dev.showo2.samples.testing.Trees;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as a process of its own. */
class ProcessTest {

  private static final String MAIN = Main.class.getName();

  private static final String WAITING = "waiting for another process";

  @TempDir private Path folder;

  private Path cache() throws IOException {
    return Files.createDirectories(folder.resolve("cache"));
  }

  private ChildJvm startDrawing(String file) throws IOException {
    return ChildJvm.start(
        folder,
        Map.of("SHOWO2_CACHE", cache().toString()),
        ChildJvm.command(MAIN, "generate", "a red circle", "--steps", "2", "--out", file));
  }

  private FileChannel lockFile() throws IOException {
    return FileChannel.open(
        cache().resolve("demo.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  @Test
  void twoProcessesMakeOneBundle() throws IOException, InterruptedException {
    List<ChildJvm.Result> results = new ArrayList<>();
    try (FileChannel channel = lockFile()) {
      FileLock lock = channel.lock();
      try (ChildJvm one = startDrawing("1.png");
          ChildJvm two = startDrawing("2.png")) {
        one.awaitNote(WAITING);
        two.awaitNote(WAITING);
        lock.release();
        results.add(one.await());
        results.add(two.await());
      }
    }
    for (ChildJvm.Result result : results) {
      assertEquals(0, result.code(), result.err());
    }
    assertEquals(
        1,
        results.stream()
            .filter(result -> result.err().contains("making the demo model's"))
            .count());
    List<String> names = Trees.names(cache());
    assertEquals(4, names.size(), names.toString());
    assertTrue(names.get(0).matches("demo-[0-9a-f]{16}"), names.toString());
    assertEquals(List.of("demo.lock", "native", "onnxruntime-packed"), names.subList(1, 4));
    assertTrue(Trees.names(folder).containsAll(List.of("1.png", "2.png")));
  }

  @Test
  void endOfTheProcessEndsItsWorkInOrder() throws IOException, InterruptedException {
    try (FileChannel channel = lockFile()) {
      FileLock lock = channel.lock();
      try (ChildJvm child = startDrawing("x.png")) {
        child.awaitNote(WAITING);
        child.terminate();
        ChildJvm.Result result = child.await();
        assertEquals(128 + 15, result.code(), result.err());
        assertTrue(result.err().contains("showo2: interrupted"), result.err());
      }
      lock.release();
    }
    assertEquals(List.of("demo.lock", "native"), Trees.names(cache()));
  }

  @Test
  void chinesePromptInTheLocaleC() throws IOException, InterruptedException {
    String prompt = "一个红色圆形。";
    // Through a script, since this process may itself be in a locale without Chinese.
    String line =
        ChildJvm.command(MAIN, "generate", prompt, "--seed", "5", "--steps", "2").stream()
            .map(argument -> "'" + argument + "'")
            .collect(Collectors.joining(" "));
    Path script = Files.writeString(folder.resolve("draw.sh"), line + "\n");
    TestCache.bundle();

    ChildJvm.Result result =
        ChildJvm.run(folder, Map.of("LC_ALL", "C"), List.of("sh", script.toString()));

    assertEquals(0, result.code(), result.err());
    Path file = folder.toRealPath().resolve("showo2.png");
    assertEquals(prompt, PngText.read(file).entries().get("prompt"));
    assertTrue(result.out().contains(file + " (seed 5)"), result.out());
    // Nothing of what libraries log.
    assertEquals("drawing: step 1 of 1\n", result.err() + "\n");
  }

  @Test
  void answerInTheLocaleC() throws IOException, InterruptedException {
    TestCache.bundle();
    Path image = folder.resolve("red.png");
    Cli.Result drawn = Cli.run("generate", "a red circle", "--out", image, "--seed", 7);
    assertEquals(0, drawn.code(), drawn.err());
    String line =
        ChildJvm.command(MAIN, "ask", image.toString(), "图片里有什么?").stream()
            .map(argument -> "'" + argument + "'")
            .collect(Collectors.joining(" "));
    Path script = Files.writeString(folder.resolve("ask.sh"), line + "\n");

    ChildJvm.Result result =
        ChildJvm.run(folder, Map.of("LC_ALL", "C"), List.of("sh", script.toString()));

    assertEquals(new ChildJvm.Result(0, "一个红色圆形。" + System.lineSeparator(), ""), result);
  }

  /** Native libraries read the command line, too, and must survive it. */
  @Test
  void longCommandLinesAreReadToTheirEnd() throws IOException, InterruptedException {
    TestCache.bundle();
    String prompt = "a red circle ".repeat(1000);
    List<String> command = ChildJvm.command(MAIN, "generate", prompt);
    command.set(
        command.indexOf("-cp") + 1, ChildJvm.classPath() + File.pathSeparator + "x".repeat(10_000));
    ChildJvm.Result result = ChildJvm.run(folder, Map.of(), command);
    assertEquals(ExitCode.USAGE, result.code(), result.err());
    assertTrue(result.err().startsWith("showo2: prompt: this model takes up to 290 tokens"));
  }

  @Test
  void nothingIsKeptForTelemetry() throws IOException, InterruptedException {
    TestCache.bundle();
    Path home = Files.createDirectory(folder.resolve("home"));
    ChildJvm.Result result =
        ChildJvm.run(
            folder,
            Map.of("HOME", home.toString()),
            ChildJvm.command(MAIN, "generate", "a red circle", "--steps", "2"));
    assertEquals(0, result.code(), result.err());
    assertEquals(List.of(), Trees.names(home));
  }

  @Test
  void exitStatusIsTheCommands() throws IOException, InterruptedException {
    ChildJvm.Result usage =
        ChildJvm.run(folder, Map.of(), ChildJvm.command(MAIN, "generate", "x", "--steps", "1"));
    assertEquals(ExitCode.USAGE, usage.code());
    assertEquals("showo2: steps: at least 2 time points are needed, found 1", usage.err());
    ChildJvm.Result failed =
        ChildJvm.run(
            folder,
            Map.of("SHOWO2_STACKTRACE", "1"),
            ChildJvm.command(MAIN, "export", ".", "bundle"));
    assertEquals(ExitCode.FAILED, failed.code());
    assertTrue(failed.err().contains("\tat dev.showo2."), failed.err());
  }
}
