package dev.showo2.samples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.samples.testing.ChildJvm;
import dev.showo2.samples.testing.TestCache;
import dev.showo2.samples.testing.Trees;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
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

  @Test
  void saysWhatToDoWhereFfmpegCannotBeUnpacked() throws Exception {
    String nowhere = Files.createFile(directory.resolve("file")).resolve("x").toString();
    List<String> command =
        new ArrayList<>(ChildJvm.command(WritesVideo.class.getName(), "clip.mp4"));
    command.addAll(
        1,
        List.of(
            "-Dorg.bytedeco.javacpp.cachedir=" + nowhere,
            "-Duser.home=" + nowhere,
            "-Djava.io.tmpdir=" + nowhere));
    ChildJvm.Result result = ChildJvm.run(directory, Map.of(), command);
    assertTrue(
        result
            .err()
            .contains(
                " takes FFmpeg, whose libraries cannot be unpacked and loaded (Could not create the"
                    + " cache: Set the \"org.bytedeco.javacpp.cachedir\" system property.); name a"
                    + " folder that this user can write to and whose files may be run with"
                    + " -Dorg.bytedeco.javacpp.cachedir=FOLDER, or use an animated GIF"),
        result.err());
  }

  /** As in a container whose root is read-only. */
  @Test
  void theSlowReferenceIsNotTakenInPlaceOfAnEngineThatCannotBeUnpacked() throws Exception {
    Path absent = directory.resolve("absent");
    List<String> command = new ArrayList<>(command(absent));
    command.replaceAll(
        each -> each.replaceAll("[^" + File.pathSeparator + "]*pytorch-native-cpu[^:;]*jar", ""));
    ChildJvm.Result result = ChildJvm.run(directory, Map.of(), command);
    assertEquals(ExitCode.FAILED, result.code(), result.err());
    String reason = result.err().replaceFirst("(djl [^)]* add )\\S+ \\(112 MB\\)", "$1it");
    assertEquals(
        "showo2: no backend can run here; found: djl (cannot run here: the native libraries of"
            + " PyTorch are missing: add it), onnx (cannot run here: ONNX Runtime needs a folder"
            + " for temporary files, and "
            + absent
            + " cannot be written to (no such folder: "
            + absent
            + "); name another with -Djava.io.tmpdir=FOLDER), reference (usable, only if it is"
            + " named)",
        reason);
  }

  @Test
  void allEnginesThatCannotBeUnpackedAreTold() throws Exception {
    Path absent = directory.resolve("absent");
    Path file = Files.createFile(directory.resolve("file")).resolve("x");
    ChildJvm.Result result = draw(Map.of("SHOWO2_CACHE", file.toString()), absent);
    assertEquals(ExitCode.FAILED, result.code(), result.err());
    assertTrue(
        result
            .err()
            .matches(
                "showo2: no backend can run here; found: djl \\(cannot run here: the native"
                    + " libraries of ai\\.djl\\.pytorch:pytorch-native-cpu:\\S+ cannot be unpacked"
                    + " and loaded .*\\), onnx \\(cannot run here: .*"),
        result.err());
  }

  @Test
  void enginesAreUnpackedOnceAndNotInTheFolderOfTemporaryFiles() throws Exception {
    Path temporary = Files.createDirectory(directory.resolve("tmp"));
    Path cache = directory.resolve("cache");
    Map<String, String> environment = Map.of("SHOWO2_CACHE", cache.toString());
    assertDrawn(draw(environment, temporary));
    List<Path> libraries = libraries(cache);
    assertEquals(3, libraries.size(), libraries.toString());
    for (Path library : libraries) {
      Files.setLastModifiedTime(library, FileTime.fromMillis(0));
    }
    assertDrawn(draw(environment, temporary));
    for (Path library : libraries) {
      assertEquals(FileTime.fromMillis(0), Files.getLastModifiedTime(library));
    }
    assertEquals(List.of(), Trees.names(temporary));
  }

  @Test
  void tamperedLibraryIsReplaced() throws Exception {
    Path temporary = Files.createDirectory(directory.resolve("tmp"));
    Path cache = directory.resolve("cache");
    Map<String, String> environment = Map.of("SHOWO2_CACHE", cache.toString());
    assertDrawn(draw(environment, temporary));
    for (Path library : libraries(cache)) {
      try (FileChannel channel = FileChannel.open(library, StandardOpenOption.WRITE)) {
        channel.write(ByteBuffer.allocate(4096));
      }
    }
    assertDrawn(draw(environment, temporary));
  }

  /** What is not taken is not unpacked either. */
  @Test
  void pytorchIsUnpackedWhereItIsTaken() throws Exception {
    Path temporary = Files.createDirectory(directory.resolve("tmp"));
    Path cache = directory.resolve("cache");
    List<String> command = new ArrayList<>(command(temporary));
    command.addAll(List.of("--backend", "djl"));
    assertDrawn(ChildJvm.run(directory, Map.of("SHOWO2_CACHE", cache.toString()), command));
    List<String> names = libraries(cache).stream().map(each -> "" + each.getFileName()).toList();
    assertTrue(names.contains(System.mapLibraryName("torch_cpu")), names.toString());
    assertTrue(names.contains(System.mapLibraryName("djl_torch")), names.toString());
    assertEquals(List.of(), Trees.names(temporary));
    assertTrue(Files.notExists(cache.resolve("djl")), "nothing by DJL itself");
  }

  /** Neither a cache folder nor a home. */
  @Test
  void oneFolderIsEnough() throws Exception {
    Path temporary = Files.createDirectory(directory.resolve("tmp"));
    Path file = Files.createFile(directory.resolve("file"));
    String nowhere = file.resolve("x").toString();
    assertDrawn(
        draw(
            Map.of("SHOWO2_CACHE", nowhere, "HOME", nowhere), temporary, "-Duser.home=" + nowhere));
    assertEquals(List.of(), Trees.names(temporary));
  }

  private static List<Path> libraries(Path cache) throws IOException {
    try (Stream<Path> files = Files.walk(cache.resolve("native"))) {
      return files
          .filter(file -> file.getFileName().toString().matches(".*\\.(so|dylib|dll)"))
          .toList();
    }
  }

  private ChildJvm.Result draw(Map<String, String> environment, Path temporary, String... options)
      throws IOException, InterruptedException {
    return ChildJvm.run(directory, environment, command(temporary, options));
  }

  private static List<String> command(Path temporary, String... options) throws IOException {
    List<String> command =
        new ArrayList<>(
            ChildJvm.command(
                Main.class.getName(),
                "generate",
                "a red circle",
                "--steps",
                "2",
                "--out",
                "drawn.png",
                "--bundle",
                TestCache.bundle().toString()));
    command.addAll(1, List.of(options));
    command.add(1, "-Djava.io.tmpdir=" + temporary);
    return command;
  }

  private static void assertDrawn(ChildJvm.Result result) {
    assertEquals(0, result.code(), result.err());
    assertEquals("drawing: step 1 of 1", result.err(), "no word of libraries");
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
