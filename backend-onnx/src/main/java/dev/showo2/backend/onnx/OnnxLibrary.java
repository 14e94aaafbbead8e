package dev.showo2.backend.onnx;

import ai.onnxruntime.OrtEnvironment;
import dev.showo2.error.BackendException;
import dev.showo2.natives.internal.NativeLibraries;
import dev.showo2.natives.internal.NativeLoading;
import dev.showo2.natives.internal.TemporaryProperties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The native libraries of ONNX Runtime, kept unpacked in the SDK's cache folder. Left to itself,
 * ONNX Runtime 1.28 writes them to a temporary folder at every start, which stays behind.
 *
 * <p>The artifact with CUDA has a library for each execution provider besides. ONNX Runtime loads
 * them when a session asks for them, and looks for them beside its main library.
 */
final class OnnxLibrary {

  static final String ARTIFACT = "com.microsoft.onnxruntime:onnxruntime";
  static final String CUDA_ARTIFACT = "com.microsoft.onnxruntime:onnxruntime_gpu";

  private static final List<String> MAIN = List.of("onnxruntime", "onnxruntime4j_jni");

  static final String CUDA_PROVIDER = "onnxruntime_providers_cuda";
  static final String TENSORRT_PROVIDER = "onnxruntime_providers_tensorrt";

  /** Loaded before any of them. */
  private static final String SHARED = "onnxruntime_providers_shared";

  /** The providers of the artifact with CUDA, and what they share. */
  private static final List<String> PROVIDERS = List.of(SHARED, CUDA_PROVIDER, TENSORRT_PROVIDER);

  /** Names a folder from which ONNX Runtime loads its libraries. */
  private static final String PATH = "onnxruntime.native.path";

  /** Others that the user may have set, for single libraries. */
  private static final List<String> CHOICES =
      List.of(
          PATH,
          "onnxruntime.native.onnxruntime.path",
          "onnxruntime.native.onnxruntime.skip",
          "onnxruntime.native.onnxruntime4j_jni.path",
          "onnxruntime.native.onnxruntime4j_jni.skip");

  private static boolean loaded;

  /** Where the libraries are; empty where ONNX Runtime chose. */
  private static Optional<Path> place = Optional.empty();

  private OnnxLibrary() {}

  /**
   * Loads the libraries on first use. A failure of ONNX Runtime's own would be for good, so all
   * that can fail is tried before.
   *
   * @throws BackendException if they cannot be loaded
   */
  static void load() {
    synchronized (NativeLoading.LOCK) {
      if (!loaded) {
        requireTemporaryFolder();
        libraries()
            .ifPresentOrElse(
                found -> NativeLoading.load(found, System::load, OnnxLibrary::initialize),
                OrtEnvironment::getAvailableProviders);
        loaded = true;
      }
    }
  }

  /** {@return the version of the artifact on the class path, if it tells} */
  static Optional<String> version() {
    // Read from the jar, because asking the engine would load its native library.
    return Optional.ofNullable(OrtEnvironment.class.getPackage().getImplementationVersion());
  }

  /**
   * Finds out why ONNX Runtime did not load a provider: its own message may not tell which library
   * of CUDA is missing.
   *
   * @param provider one of {@link #PROVIDERS}
   * @return the first reason, if there is one to be found
   */
  static Optional<String> failure(String provider) {
    synchronized (NativeLoading.LOCK) {
      return place
          .or(() -> Optional.ofNullable(System.getProperty(PATH)).map(Path::of))
          .flatMap(folder -> failure(folder, List.of(SHARED, provider)));
    }
  }

  /** Loads libraries in their order, until one does not. */
  static Optional<String> failure(Path folder, List<String> names) {
    for (String name : names) {
      Path library = folder.resolve(System.mapLibraryName(name)).toAbsolutePath();
      if (!Files.exists(library)) {
        return Optional.of("no such file: " + library);
      }
      try {
        System.load(library.toString());
      } catch (UnsatisfiedLinkError e) {
        return Optional.of(e.getMessage());
      }
    }
    return Optional.empty();
  }

  private static void initialize(Path folder) {
    place = Optional.of(folder);
    try {
      TemporaryProperties.call(
          Map.of(PATH, folder.toString()), OrtEnvironment::getAvailableProviders);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("ONNX Runtime throws no other exceptions", e);
    }
  }

  /** ONNX Runtime makes an empty folder there, whether it needs one or not. */
  private static void requireTemporaryFolder() {
    try {
      Files.delete(Files.createTempDirectory("showo2-"));
    } catch (IOException e) {
      throw new BackendException(
          "ONNX Runtime needs a folder for temporary files, and "
              + System.getProperty("java.io.tmpdir")
              + " cannot be written to ("
              + NativeLoading.reason(e)
              + "); name another with -Djava.io.tmpdir=FOLDER",
          e);
    }
  }

  /** Of this platform; none where the user or another class loader decides. */
  private static Optional<NativeLibraries> libraries() {
    Class<?> anchor = OrtEnvironment.class;
    if (anchor.getClassLoader() != OnnxLibrary.class.getClassLoader()
        || CHOICES.stream().anyMatch(name -> System.getProperty(name) != null)) {
      return Optional.empty();
    }
    try {
      return find(anchor);
    } catch (IOException e) {
      throw new BackendException(ARTIFACT + " cannot be read: " + NativeLoading.reason(e), e);
    }
  }

  /**
   * @param anchor a class beside the libraries
   */
  static Optional<NativeLibraries> find(Class<?> anchor) throws IOException {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String family = system.startsWith("win") ? "win" : system.startsWith("mac") ? "osx" : "linux";
    String processor =
        System.getProperty("os.arch").replace("amd64", "x64").replace("x86_64", "x64");
    String folder = "ai/onnxruntime/native/" + family + "-" + processor + "/";
    boolean cuda = has(anchor, folder + System.mapLibraryName(CUDA_PROVIDER));
    List<String> onDemand =
        PROVIDERS.stream()
            .map(System::mapLibraryName)
            .filter(name -> cuda && has(anchor, folder + name))
            .toList();
    List<String> names =
        Stream.concat(MAIN.stream().map(System::mapLibraryName), onDemand.stream()).toList();
    return NativeLibraries.find(
            cuda ? CUDA_ARTIFACT : ARTIFACT,
            "onnxruntime",
            version().orElse(null),
            anchor,
            names.stream().map(name -> folder + name).toList())
        .map(libraries -> libraries.withOnDemand(Set.copyOf(onDemand)));
  }

  private static boolean has(Class<?> anchor, String resource) {
    return anchor.getResource("/" + resource) != null;
  }
}
