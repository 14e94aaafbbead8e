package dev.showo2.backend.djl;

import ai.djl.engine.Engine;
import ai.djl.pytorch.engine.PtEngineProvider;
import ai.djl.pytorch.jni.LibUtils;
import ai.djl.util.cuda.CudaUtils;
import dev.showo2.error.BackendException;
import dev.showo2.natives.internal.CacheFolder;
import dev.showo2.natives.internal.NativeLibraries;
import dev.showo2.natives.internal.NativeLoading;
import dev.showo2.natives.internal.QuietDjl;
import dev.showo2.natives.internal.TemporaryProperties;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The native libraries of PyTorch, kept unpacked in the SDK's cache folder and loaded from there.
 * Left to itself, DJL 0.36 unpacks them to its own cache, and downloads what it misses.
 */
final class DjlLibrary {

  /** Name a folder with PyTorch of the user's own, and what is in it. */
  private static final String PATH = "PYTORCH_LIBRARY_PATH";

  private static final String VERSION = "PYTORCH_VERSION";
  private static final String FLAVOR = "PYTORCH_FLAVOR";

  /** Name the folder to which DJL copies its own native library for PyTorch of the user's own. */
  private static final List<String> CACHES = List.of("ENGINE_CACHE_DIR", "DJL_CACHE_DIR");

  private static final String TORCH = System.mapLibraryName("torch");
  private static final String TORCH_CPU = System.mapLibraryName("torch_cpu");

  private DjlLibrary() {}

  /**
   * Looks whether there is all that loading needs, without loading anything.
   *
   * @throws BackendException if something is missing; the message says what to do
   */
  static void check() {
    if (!isChosenByTheUser()) {
      NativeLoading.requireFolder(DjlNatives.find().artifact());
    }
  }

  /** {@return the version of PyTorch, as far as it can be told without loading it} */
  static String version() {
    try {
      return isChosenByTheUser() ? "of the user's choice" : DjlNatives.find().torch();
    } catch (BackendException e) {
      return "unknown";
    }
  }

  /**
   * Loads the libraries. A failure of DJL's own would be for good, so all that can fail is tried
   * before.
   *
   * @throws BackendException if they cannot be loaded
   */
  static Engine load() {
    synchronized (NativeLoading.LOCK) {
      if (isLoaded()) {
        return engine(Map.of());
      }
      if (isChosenByTheUser()) {
        return engine(completed());
      }
      DjlNatives natives = DjlNatives.find();
      NativeLibraries libraries = libraries(natives);
      NativeLoading.load(libraries, loader(natives, libraries), folder -> engine(natives, folder));
      return engine(Map.of());
    }
  }

  /** By this or by an application that uses DJL itself: there is one for all. */
  private static boolean isLoaded() {
    try {
      return quietly(LibUtils::getVersion) != null;
    } catch (NullPointerException e) {
      return false;
    }
  }

  private static boolean isChosenByTheUser() {
    return Stream.of(PATH, VERSION, FLAVOR).anyMatch(DjlLibrary::isSet);
  }

  private static boolean isSet(String name) {
    return System.getenv(name) != null || System.getProperty(name) != null;
  }

  /** What DJL needs to be told of a folder beside its path, and where it may write to. */
  private static Map<String, String> completed() {
    Map<String, String> settings = new HashMap<>();
    if (isSet(PATH)) {
      settings.put(FLAVOR, "cpu");
    }
    try {
      String cache = CacheFolder.locate().resolve("djl").toString();
      settings.put(QuietDjl.JNA_FOLDER, cache);
      if (CACHES.stream().noneMatch(DjlLibrary::isSet)) {
        settings.put(CACHES.get(0), cache);
      }
    } catch (IOException e) {
      // DJL's own are left.
    }
    return settings;
  }

  private static void engine(DjlNatives natives, Path folder) {
    engine(
        Map.of(
            PATH,
            folder.toString(),
            VERSION,
            natives.version(),
            FLAVOR,
            natives.flavor(),
            QuietDjl.JNA_FOLDER,
            folder.getParent().toString()));
  }

  private static Engine engine(Map<String, String> settings) {
    return quietly(
        () ->
            TemporaryProperties.call(
                settings,
                () -> {
                  // JNA's thread would keep the class loader that DJL's list of engines needs.
                  CudaUtils.hasCuda();
                  return QuietDjl.call(
                      Engine.class.getClassLoader(), () -> new PtEngineProvider().getEngine());
                }));
  }

  private static <T> T quietly(Callable<T> call) {
    try {
      return QuietDjl.call(null, call);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("DJL throws no other exceptions", e);
    }
  }

  private static NativeLibraries libraries(DjlNatives natives) {
    try {
      NativeLibraries found =
          NativeLibraries.find(
                  natives.artifact(),
                  "pytorch-" + natives.flavor(),
                  natives.version(),
                  LibUtils.class,
                  natives.resources())
              .orElseThrow(() -> new BackendException(natives.artifact() + " lacks libraries"));
      return found.withOncePerProcess(
          found.files().stream()
              .map(NativeLibraries.Resource::name)
              .filter(name -> !name.equals(TORCH) && !name.contains("djl_torch"))
              .collect(Collectors.toSet()));
    } catch (IOException e) {
      throw new BackendException(
          natives.artifact() + " cannot be read: " + NativeLoading.reason(e), e);
    }
  }

  /**
   * Loads a library for the class loader that has DJL. Where that is not the one of this class, and
   * for CUDA's many libraries, it is left to DJL.
   */
  private static Consumer<String> loader(DjlNatives natives, NativeLibraries libraries) {
    if (natives.isCuda() || LibUtils.class.getClassLoader() != DjlLibrary.class.getClassLoader()) {
      return file -> {};
    }
    Optional<MappedLibrary> other = MappedLibrary.find(TORCH_CPU);
    other.ifPresent(found -> requireSame(found, libraries));
    return file -> {
      Path path = Path.of(file);
      if (libraries.oncePerProcess().contains(path.getFileName().toString())
          && other.filter(found -> !found.isIn(path.getParent())).isPresent()) {
        // As the JVM says it of its own; a second copy would end the process.
        throw new UnsatisfiedLinkError(other.get() + " already loaded in another classloader");
      }
      System.load(file);
    };
  }

  private static void requireSame(MappedLibrary other, NativeLibraries libraries) {
    long expected =
        libraries.files().stream()
            .filter(file -> file.name().equals(TORCH_CPU))
            .mapToLong(NativeLibraries.Resource::size)
            .sum();
    if (!other.hasSize(expected)) {
      throw new BackendException(
          "this process has loaded another PyTorch, "
              + other
              + ", and can have one only; take "
              + libraries.artifact()
              + " for both, or run them in processes of their own");
    }
  }
}
