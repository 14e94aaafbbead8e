package dev.showo2.text;

import ai.djl.engine.EngineException;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.util.ClassLoaderUtils;
import dev.showo2.error.BackendException;
import dev.showo2.error.internal.JvmShutdown;
import dev.showo2.natives.internal.NativeLibraries;
import dev.showo2.natives.internal.NativeLoading;
import dev.showo2.natives.internal.QuietDjl;
import dev.showo2.natives.internal.TemporaryProperties;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/**
 * The tokenizer's library, which comes with DJL: loads its native part, and calls it without
 * letting it use the network.
 *
 * <p>Whenever a tokenizer is created DJL reports its use to its authors, and when it loads the
 * native library on a machine with CUDA it may download another build of it. DJL looks for its
 * resources with the context class loader, which sees none of them on the threads of many pools.
 */
final class TokenizerLibrary {

  private static final String ARTIFACT = "ai.djl.huggingface:tokenizers";

  /** Names the native library; an environment variable of that name does so too. */
  private static final String PATH = "RUST_LIBRARY_PATH";

  /** Names another build of it. */
  private static final String FLAVOR = "RUST_FLAVOR";

  private static boolean loaded;

  private TokenizerLibrary() {}

  /**
   * Runs a call into DJL; its native library is loaded.
   *
   * @throws BackendException if that cannot be loaded
   * @throws Exception that the call throws
   */
  static <T> T call(Callable<T> call) throws Exception {
    return quietly(
        () -> {
          load();
          return call.call();
        });
  }

  /**
   * Without a context class loader DJL takes that of its own classes. It is better than naming that
   * one: JNA starts a program, and for a minute the JDK then keeps a thread that inherits the
   * context class loader, which a server could not unload meanwhile.
   */
  static <T> T quietly(Callable<T> call) throws Exception {
    ClassLoader own = HuggingFaceTokenizer.class.getClassLoader();
    return QuietDjl.call(ClassLoaderUtils.class.getClassLoader() == own ? null : own, call);
  }

  /** Called under a lock. */
  private static void load() {
    if (loaded) {
      return;
    }
    JvmShutdown.Work work = JvmShutdown.work();
    try (work) {
      Optional<NativeLibraries> libraries = isChosenByTheUser() ? Optional.empty() : libraries();
      if (libraries.isPresent()) {
        NativeLoading.load(libraries.get(), System::load, TokenizerLibrary::initialize);
      } else {
        LibUtils.checkStatus();
      }
      loaded = true;
    } catch (EngineException | LinkageError | AssertionError | IOException e) {
      if (JvmShutdown.hasBegun()) {
        throw JvmShutdown.cancelled(e);
      }
      throw new BackendException(
          "the native library of "
              + ARTIFACT
              + " cannot be loaded: "
              + NativeLoading.reason(e)
              + "; where another application of this JVM has loaded it, let both see one copy of"
              + " the jar, in the class loader that they share",
          e);
    }
  }

  private static void initialize(Path folder) {
    Path library = folder.resolve(System.mapLibraryName("tokenizers"));
    try {
      TemporaryProperties.call(
          Map.of(PATH, library.toString(), QuietDjl.JNA_FOLDER, folder.getParent().toString()),
          () -> {
            LibUtils.checkStatus();
            return null;
          });
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("DJL throws no other exceptions", e);
    }
  }

  private static boolean isChosenByTheUser() {
    return Stream.of(PATH, FLAVOR)
        .anyMatch(name -> System.getenv(name) != null || System.getProperty(name) != null);
  }

  /** Of this platform; none where a class loader has them that this class cannot load for. */
  private static Optional<NativeLibraries> libraries() throws IOException {
    Class<?> anchor = LibUtils.class;
    if (anchor.getClassLoader() != TokenizerLibrary.class.getClassLoader()) {
      return Optional.empty();
    }
    Properties properties = new Properties();
    try (InputStream in = anchor.getResourceAsStream("/native/lib/tokenizers.properties")) {
      if (in != null) {
        properties.load(in);
      }
    }
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    boolean windows = system.startsWith("win");
    String family = windows ? "win" : system.startsWith("mac") ? "osx" : "linux";
    String processor = System.getProperty("os.arch").replace("amd64", "x86_64");
    String folder = "native/lib/" + family + "-" + processor + "/cpu/";
    String library = System.mapLibraryName("tokenizers");
    return NativeLibraries.find(
        ARTIFACT,
        "tokenizers",
        properties.getProperty("version"),
        anchor,
        (windows
                ? Stream.of("libwinpthread-1.dll", "libgcc_s_seh-1.dll", "libstdc++-6.dll", library)
                : Stream.of(library))
            .map(folder::concat)
            .toList());
  }
}
