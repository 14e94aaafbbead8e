package dev.showo2.backend.djl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.conformance.FixtureModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The native libraries in processes of their own: PyTorch is loaded once for all. */
class DjlLibraryTest {

  /** Nothing of the process is changed, and nobody is connected to. */
  private static final List<String> GOOD =
      List.of(EngineProgram.SUM, "properties []", "connections []");

  @TempDir private Path folder;
  private Path home;
  private Path temporary;

  @BeforeEach
  void prepare() throws IOException {
    home = Files.createDirectory(folder.resolve("home"));
    temporary = Files.createDirectory(folder.resolve("tmp"));
  }

  /** In a home and a folder of temporary files that are empty. */
  private ChildProcess child() {
    return child(EngineProgram.class);
  }

  private ChildProcess child(Class<?> program, String... arguments) {
    return new ChildProcess(program, arguments)
        .variable("HOME", home)
        .option("-Duser.home=" + home)
        .option("-Djava.io.tmpdir=" + temporary);
  }

  private void assertGood(ChildProcess child) throws Exception {
    ChildProcess.Result result = child.run(folder);
    assertEquals("", result.err());
    assertEquals(GOOD, result.lines());
    assertEquals(List.of(), names(home));
    assertEquals(List.of(), names(temporary));
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> !file.equals(folder))
          .map(file -> folder.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  @Test
  void librariesAreUnpackedOnceIntoTheCacheAndNowhereElse() throws Exception {
    Path cache = folder.resolve("cache");
    assertGood(child().variable("SHOWO2_CACHE", cache));
    List<String> written = names(cache);
    assertTrue(written.stream().allMatch(name -> name.startsWith("native")), written.toString());
    Path library = onlyFolder(cache, "pytorch").resolve(System.mapLibraryName("torch_cpu"));
    Files.setLastModifiedTime(library, FileTime.fromMillis(0));
    assertGood(child().variable("SHOWO2_CACHE", cache));
    assertEquals(FileTime.fromMillis(0), Files.getLastModifiedTime(library));
    // Such as the root of a container.
    setPermissions(cache, "r-xr-xr-x");
    try {
      assertGood(child().variable("SHOWO2_CACHE", cache));
    } finally {
      setPermissions(cache, "rwxr-xr-x");
    }
    assertEquals(written, names(cache));
  }

  /** The folder of the libraries with a name. */
  static Path onlyFolder(Path cache, String name) throws IOException {
    try (Stream<Path> folders = Files.list(cache.resolve("native"))) {
      return folders
          .filter(each -> each.getFileName().toString().startsWith(name))
          .findFirst()
          .orElseThrow();
    }
  }

  private static void setPermissions(Path cache, String permissions) throws IOException {
    for (Path each : List.of(cache, cache.resolve("native"), onlyFolder(cache, "pytorch"))) {
      Files.setPosixFilePermissions(each, PosixFilePermissions.fromString(permissions));
    }
  }

  /** A whole model, with its tokenizer. */
  @Test
  void modelThatDrawsAndAnswersLeavesNothing() throws Exception {
    try (FixtureModels models = new FixtureModels()) {
      ChildProcess.Result result =
          child(GuestProgram.class, models.bundle("tiny-a").directory().toString()).run(folder);
      assertEquals("", result.err());
      assertEquals(List.of("class loader true", "properties []", "connections []"), result.lines());
      assertEquals(List.of(), names(home));
      assertEquals(List.of(), names(temporary));
      assertEquals(List.of("home", "stderr.txt", "stdout.txt", "tmp"), names(folder));
    }
  }

  @Test
  void missingLibrariesAreNamed() throws Exception {
    ChildProcess.Result result = child().without("pytorch-native-cpu").run(folder);
    assertEquals(
        List.of(
            "the native libraries of PyTorch are missing: add ai.djl.pytorch:pytorch-native-cpu:"
                + "2.7.1:"
                + DjlNatives.thisPlatform()
                + " (112 MB)",
            "properties []",
            "connections []"),
        result.lines());
    assertEquals("", result.err());
  }

  /** Left to itself, DJL would look for the right ones in the network. */
  @Test
  void librariesOfAnotherVersionAreRefused() throws Exception {
    Path other = DescribedNatives.write(folder.resolve("other"), "2.5.1-20241130");
    ChildProcess.Result result = child().without("pytorch-native-cpu").with(other).run(folder);
    String platform = DjlNatives.thisPlatform();
    assertEquals(
        List.of(
            "ai.djl.pytorch:pytorch-native-cpu:2.5.1:"
                + platform
                + " does not fit ai.djl.pytorch:pytorch-jni:2.7.1-0.36.0: take"
                + " ai.djl.pytorch:pytorch-native-cpu:2.7.1:"
                + platform,
            "properties []",
            "connections []"),
        result.lines());
  }

  @Test
  void saysWhatToDoWhereTheyCannotBeUnpacked() throws Exception {
    Path nowhere = Files.createFile(folder.resolve("file")).resolve("x");
    ChildProcess.Result result =
        child().variable("SHOWO2_CACHE", nowhere).option("-Djava.io.tmpdir=" + nowhere).run(folder);
    String message = result.lines().get(0);
    assertTrue(
        message.startsWith(
            "the native libraries of ai.djl.pytorch:pytorch-native-cpu:2.7.1:"
                + DjlNatives.thisPlatform()
                + " cannot be unpacked and loaded ("),
        message);
    assertTrue(message.contains("variable SHOWO2_CACHE"), message);
  }

  /** A folder with PyTorch of the user's own is taken as it is. */
  @Test
  void folderOfTheUsersChoiceIsTaken() throws Exception {
    assertGood(child());
    Path chosen = Files.createDirectory(folder.resolve("chosen"));
    Path bridge = Path.of(System.mapLibraryName("djl_torch"));
    try (Stream<Path> files = Files.list(onlyFolder(ChildProcess.CACHE, "pytorch"))) {
      for (Path file : files.filter(each -> !each.endsWith(bridge)).toList()) {
        link(file, chosen.resolve(file.getFileName()));
      }
    }
    Path cache = folder.resolve("cache");
    assertGood(
        child()
            .without("pytorch-native-cpu")
            .variable("SHOWO2_CACHE", cache)
            .variable("PYTORCH_LIBRARY_PATH", chosen));
    // DJL's own library is not in that folder.
    assertTrue(
        names(cache).stream().anyMatch(name -> name.endsWith(bridge.toString())),
        names(cache).toString());
  }

  private static void link(Path file, Path link) throws IOException {
    try {
      Files.createLink(link, file);
    } catch (IOException e) {
      Files.copy(file, link, StandardCopyOption.COPY_ATTRIBUTES);
    }
  }
}
