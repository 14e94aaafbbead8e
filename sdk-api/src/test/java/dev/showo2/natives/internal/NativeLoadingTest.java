package dev.showo2.natives.internal;

import static dev.showo2.testing.Messages.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.showo2.error.BackendException;
import dev.showo2.error.CancelledException;
import dev.showo2.natives.internal.NativeLoading.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeLoadingTest {

  private static final String ELSEWHERE = " already loaded in another classloader";

  @TempDir private Path folder;
  private Path cache;
  private Path temporary;
  private NativeLibraries libraries;
  private final List<Path> initialized = new ArrayList<>();

  @BeforeEach
  void prepare() throws IOException {
    cache = folder.resolve("cache/native");
    temporary = Files.createDirectory(folder.resolve("tmp"));
    libraries = NativeFixture.libraries(Files.createDirectory(folder.resolve("artifact")));
  }

  private void load(Consumer<String> load) {
    List<Place> places = List.of(new Place(cache, null, true), new Place(temporary, null, false));
    NativeLoading.load(libraries, places, load, initialized::add);
  }

  private static Consumer<String> failingIn(Path folder, String message) {
    return file -> {
      if (Path.of(file).startsWith(folder)) {
        throw new UnsatisfiedLinkError(file + ": " + file + ": " + message);
      }
    };
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /** Execution providers of ONNX Runtime are so: its main library looks for them beside itself. */
  @Test
  void unpacksBesideWhatItLoadsWhatIsLoadedOnDemand() throws IOException {
    libraries = libraries.withOnDemand(Set.of("libtwo.so"));
    List<String> loaded = new ArrayList<>();
    load(loaded::add);
    Path unpacked = cache.resolve("engine-1.0-abcd");
    assertEquals(List.of(unpacked.resolve("libone.so").toString()), loaded);
    assertEquals(
        NativeFixture.content("libtwo.so"), Files.readString(unpacked.resolve("libtwo.so")));
  }

  @Test
  void loadsInOrderFromTheCache() throws IOException {
    List<String> loaded = new ArrayList<>();
    load(loaded::add);
    Path unpacked = cache.resolve("engine-1.0-abcd");
    assertEquals(
        NativeFixture.NAMES.stream().map(name -> unpacked.resolve(name).toString()).toList(),
        loaded);
    assertEquals(List.of(unpacked), initialized);
    assertEquals(List.of(), names(temporary));
  }

  /** As the JVM does for the files of another class loader. */
  @Test
  void loadsACopyOfItsOwnWhereAnotherClassLoaderHasTheFiles() throws IOException {
    Set<String> loaded = new HashSet<>();
    Consumer<String> jvm =
        file -> {
          assertTrue(Files.exists(Path.of(file)));
          if (!loaded.add(file)) {
            throw new UnsatisfiedLinkError("Native Library " + file + ELSEWHERE);
          }
        };
    load(jvm);
    load(jvm);
    load(jvm);
    assertEquals(3, initialized.stream().distinct().count());
    assertEquals(6, loaded.size());
    assertNotEquals(initialized.get(1), initialized.get(2));
    assertEquals(List.of(".lock", "engine-1.0-abcd"), names(cache), "copies are deleted");
  }

  /** Such as those of PyTorch, which do not bear a second copy in one process. */
  @Test
  void copyLeavesOutWhatAProcessHasOnce() throws IOException {
    libraries = libraries.withOncePerProcess(Set.of("libone.so"));
    List<String> loaded = new ArrayList<>();
    Consumer<String> jvm =
        file -> {
          if (loaded.contains(file)) {
            throw new UnsatisfiedLinkError("Native Library " + file + ELSEWHERE);
          }
          loaded.add(file);
        };
    load(jvm);
    load(jvm);
    assertEquals(
        List.of("libone.so", "libtwo.so", "libtwo.so"),
        loaded.stream().map(file -> Path.of(file).getFileName().toString()).toList());
    assertEquals(Path.of(loaded.get(2)).getParent(), initialized.get(1));
  }

  @Test
  void takesTheFolderOfTemporaryFilesWhereTheCacheMayNotBeRun() throws IOException {
    load(failingIn(cache, "failed to map segment from shared object"));
    assertEquals(temporary, initialized.get(0).getParent());
    assertEquals(List.of(), names(temporary), "deleted once it is loaded");
  }

  @Test
  void takesTheFolderOfTemporaryFilesWhereTheCacheCannotBeWritten() throws IOException {
    Files.writeString(folder.resolve("cache"), "a file");
    load(file -> {});
    assertEquals(temporary, initialized.get(0).getParent());
  }

  @Test
  void saysWhatIsWrongWithEachFolderAndWhatToDo() throws IOException {
    Files.delete(temporary);
    assertFails(
        BackendException.class,
        () -> load(failingIn(folder, "failed to map segment from shared object")),
        "the native libraries of org.example:engine cannot be unpacked and loaded (",
        cache + ": files there may not be run, as where noexec is set (failed to map segment",
        temporary + ": no such folder: " + temporary,
        "name a folder that this user can write to and whose files may be run, by the environment"
            + " variable SHOWO2_CACHE or with -Djava.io.tmpdir=FOLDER");
    assertEquals(List.of(), initialized);
  }

  @Test
  void folderIsLookedForWithoutUnpacking() throws IOException {
    List<Place> places = List.of(new Place(cache, null, true), new Place(temporary, null, false));
    NativeLoading.requireFolder("org.example:engine", places);
    assertEquals(List.of(), names(cache));
    Files.delete(cache);
    Files.delete(cache.getParent());
    Files.writeString(folder.resolve("cache"), "a file");
    NativeLoading.requireFolder("org.example:engine", places);
    Files.delete(temporary);
    assertFails(
        BackendException.class,
        () -> NativeLoading.requireFolder("org.example:engine", places),
        "the native libraries of org.example:engine cannot be unpacked and loaded (" + cache,
        temporary + ": no such folder: " + temporary + "); name a folder");
  }

  /** Another folder would not help there. */
  @Test
  void saysThatALibraryDoesNotRunHere() {
    assertFails(
        BackendException.class,
        () -> load(failingIn(folder, "libstdc++.so.6: cannot open shared object file")),
        "the native libraries of org.example:engine do not run on this system, ",
        "libstdc++.so.6: cannot open shared object file");
  }

  @Test
  void interruptIsACancellation() {
    Thread.currentThread().interrupt();
    try {
      assertThrows(CancelledException.class, () -> load(file -> {}));
    } finally {
      assertTrue(Thread.interrupted());
    }
    assertFalse(Files.exists(cache.resolve("engine-1.0-abcd")));
  }

  @Test
  void innermostCauseIsTold() {
    Throwable inner = new UnsatisfiedLinkError("libx.so");
    assertEquals(
        "libx.so",
        NativeLoading.reason(new ExceptionInInitializerError(new RuntimeException("x", inner))));
  }

  @Test
  void contentIsKnownFromTheDirectoryOfAJar() throws IOException {
    NativeLibraries found =
        NativeLibraries.find(
                "a:b",
                "b",
                "1.0/x",
                HuggingFaceTokenizer.class,
                List.of("native/lib/tokenizers.properties"))
            .orElseThrow();
    assertTrue(found.folder().matches("b-1\\.0_x-[0-9a-f]{8}"), found.folder());
    assertEquals("tokenizers.properties", found.files().get(0).name());
    load(file -> {});
    NativeLoading.load(found, List.of(new Place(cache, null, true)), file -> {}, initialized::add);
    String text = Files.readString(initialized.get(1).resolve("tokenizers.properties"));
    assertTrue(text.startsWith("version="), text);
    assertTrue(
        NativeLibraries.find("a:b", "b", null, HuggingFaceTokenizer.class, List.of("absent"))
            .isEmpty());
  }
}
