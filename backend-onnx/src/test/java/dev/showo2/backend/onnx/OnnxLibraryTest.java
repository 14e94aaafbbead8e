package dev.showo2.backend.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtEnvironment;
import dev.showo2.natives.internal.NativeLibraries;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Libraries of both artifacts; that for CUDA is a folder with its names, as it has 742 MB. */
class OnnxLibraryTest {

  private static final List<String> PROVIDERS =
      List.of(
          "onnxruntime_providers_shared",
          "onnxruntime_providers_cuda",
          "onnxruntime_providers_tensorrt");

  @TempDir private Path folder;

  private static Set<String> files(String... names) {
    return Stream.of(names).map(System::mapLibraryName).collect(Collectors.toSet());
  }

  private static Set<String> names(NativeLibraries libraries) {
    return libraries.files().stream()
        .map(NativeLibraries.Resource::name)
        .collect(Collectors.toSet());
  }

  @Test
  void theArtifactForCpusHasTwo() throws IOException {
    NativeLibraries found = OnnxLibrary.find(OrtEnvironment.class).orElseThrow();
    assertEquals("com.microsoft.onnxruntime:onnxruntime", found.artifact());
    assertEquals(files("onnxruntime", "onnxruntime4j_jni"), names(found));
    assertEquals(Set.of(), found.onDemand());
  }

  @Test
  void providersOfTheArtifactForGpusAreUnpackedBesideTheMainLibrary() throws Exception {
    try (URLClassLoader loader = artifact(PROVIDERS)) {
      NativeLibraries found =
          OnnxLibrary.find(loader.loadClass(Anchor.class.getName())).orElseThrow();
      assertEquals("com.microsoft.onnxruntime:onnxruntime_gpu", found.artifact());
      assertEquals(files(PROVIDERS.toArray(String[]::new)), found.onDemand());
      assertTrue(names(found).containsAll(found.onDemand()));
      assertTrue(names(found).containsAll(files("onnxruntime", "onnxruntime4j_jni")));
    }
  }

  /** As the artifact for CPUs has on Windows. */
  @Test
  void whatProvidersShareIsLeftWhereThereAreNone() throws Exception {
    try (URLClassLoader loader = artifact(PROVIDERS.subList(0, 1))) {
      NativeLibraries found =
          OnnxLibrary.find(loader.loadClass(Anchor.class.getName())).orElseThrow();
      assertEquals("com.microsoft.onnxruntime:onnxruntime", found.artifact());
      assertEquals(files("onnxruntime", "onnxruntime4j_jni"), names(found));
    }
  }

  @Test
  void aProviderThatDoesNotLoadSaysWhy() throws IOException {
    Path library = folder.resolve(System.mapLibraryName("provider"));
    List<String> names = List.of("provider");
    assertEquals(Optional.of("no such file: " + library), OnnxLibrary.failure(folder, names));
    Files.writeString(library, "no code");
    String reason = OnnxLibrary.failure(folder, names).orElseThrow();
    assertTrue(reason.contains(library.getFileName().toString()), reason);
  }

  /** It would be loaded before any provider; the artifact for CPUs has neither. */
  @Test
  void whatProvidersShareIsTriedFirst() {
    OnnxEnvironment.get();
    String reason = OnnxLibrary.failure(OnnxLibrary.CUDA_PROVIDER).orElseThrow();
    assertTrue(reason.endsWith(System.mapLibraryName("onnxruntime_providers_shared")), reason);
  }

  /** A class that stands beside the libraries. */
  static final class Anchor {}

  private URLClassLoader artifact(List<String> providers) throws IOException {
    String name = Anchor.class.getName().replace('.', '/') + ".class";
    Path type = folder.resolve(name);
    Files.createDirectories(type.getParent());
    try (InputStream code = Anchor.class.getResourceAsStream("/" + name)) {
      Files.copy(code, type);
    }
    List<String> libraries =
        Stream.concat(Stream.of("onnxruntime", "onnxruntime4j_jni"), providers.stream()).toList();
    for (String library : libraries) {
      Path file = folder.resolve(resource(library));
      Files.createDirectories(file.getParent());
      Files.writeString(file, library);
    }
    return new URLClassLoader(new URL[] {folder.toUri().toURL()}, null);
  }

  /** The path of a library of this platform, from the root of the class path. */
  static String resource(String library) {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String family = system.startsWith("win") ? "win" : system.startsWith("mac") ? "osx" : "linux";
    String processor = System.getProperty("os.arch").replaceFirst("amd64|x86_64", "x64");
    return "ai/onnxruntime/native/"
        + family
        + "-"
        + processor
        + "/"
        + System.mapLibraryName(library);
  }
}
