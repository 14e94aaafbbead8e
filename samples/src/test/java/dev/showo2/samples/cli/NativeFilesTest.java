package dev.showo2.samples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.samples.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeFilesTest {

  @TempDir Path directory;

  @Test
  void ffmpegIsUnpackedInTheCacheFolder() throws Exception {
    Path cache = directory.resolve("cache");
    assertEquals("3 frames\n", writeVideo(Map.of("SHOWO2_CACHE", cache.toString())));
    try (Stream<Path> files = Files.walk(cache.resolve("javacpp"))) {
      assertTrue(files.anyMatch(file -> file.getFileName().toString().contains("avcodec")));
    }
  }

  @Test
  void placeOfTheUsersChoiceIsTaken() throws Exception {
    Path chosen = directory.resolve("chosen");
    assertEquals(
        "3 frames\n",
        writeVideo(
            Map.of("SHOWO2_CACHE", directory.resolve("cache").toString()),
            "-Dorg.bytedeco.javacpp.cachedir=" + chosen));
    assertTrue(Files.isDirectory(chosen));
    assertTrue(Files.notExists(directory.resolve("cache")));
  }

  /** As in a container whose root is read-only. */
  @Test
  void theSlowReferenceIsNotTakenInPlaceOfAnEngineThatCannotBeUnpacked() throws Exception {
    List<String> command =
        new ArrayList<>(
            ChildJvm.command(Main.class.getName(), "generate", "a red circle", "--steps", "2"));
    command.add(1, "-Djava.io.tmpdir=" + directory.resolve("absent"));
    ChildJvm.Result result = ChildJvm.run(directory, Map.of(), command);
    assertEquals(ExitCode.FAILED, result.code(), result.err());
    assertTrue(
        result.err().startsWith("showo2: no backend can run here; found: onnx (cannot run here: "),
        result.err());
    assertEquals(1, result.err().lines().count(), result.err());
  }

  private String writeVideo(Map<String, String> environment, String... options)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            ChildJvm.command(
                WritesVideo.class.getName(), directory.resolve("clip.mp4").toString()));
    command.addAll(1, List.of(options));
    ChildJvm.Result result = ChildJvm.run(directory, environment, command);
    assertEquals("", result.err());
    assertEquals(0, result.code());
    return result.out();
  }
}
