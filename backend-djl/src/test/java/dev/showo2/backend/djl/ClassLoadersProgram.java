package dev.showo2.backend.djl;

import java.io.File;
import java.lang.ref.WeakReference;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Loads PyTorch in class loaders of their own, as the web applications of a server do. */
public final class ClassLoadersProgram {

  /** Jars whose libraries applications of a server share. */
  private static final String SHARED =
      "(api|tokenizers|pytorch-[a-z-]+|jna|slf4j-api|gson|commons-[a-z]+)-\\d.*jar";

  private static final int COLLECTIONS = 100;
  private static final int PAUSE_MILLISECONDS = 20;

  private ClassLoadersProgram() {}

  /** Ways to load. */
  enum Case {
    /** Applications that each have all libraries. */
    TOGETHER,
    /** Applications that come and go; DJL is in a class loader that they share. */
    REDEPLOYED,
    /**
     * An application that uses DJL without the SDK, from a folder that is named, and one with it.
     */
    FOREIGN
  }

  public static void main(String[] arguments) throws Exception {
    switch (Case.valueOf(arguments[0])) {
      case TOGETHER -> {
        try (URLClassLoader one = application();
            URLClassLoader two = application()) {
          System.out.println(compute(one));
          System.out.println(compute(two));
          System.out.println(compute(one));
        }
      }
      case REDEPLOYED -> {
        try (URLClassLoader shared =
            loader(entry -> !isApplication(entry), ClassLoader.getPlatformClassLoader())) {
          for (int i = 0; i < 3; i++) {
            System.out.println(isCollected(deploy(shared)) ? "collected" : "kept");
          }
        }
      }
      case FOREIGN -> {
        try (URLClassLoader foreign = application();
            URLClassLoader own = application()) {
          loadForeign(foreign, arguments[1]);
          System.out.println(compute(own));
        }
      }
    }
  }

  private static void loadForeign(ClassLoader foreign, String folder) throws Exception {
    Map<String, String> settings =
        Map.of(
            "PYTORCH_LIBRARY_PATH", folder,
            "PYTORCH_FLAVOR", "cpu",
            "ai.djl.offline", "true",
            "slf4j.internal.verbosity", "ERROR");
    Thread.currentThread().setContextClassLoader(foreign);
    settings.forEach(System::setProperty);
    Object engine =
        foreign
            .loadClass("ai.djl.engine.Engine")
            .getMethod("getEngine", String.class)
            .invoke(null, "PyTorch");
    System.out.println(engine.toString().contains(folder));
    settings.keySet().forEach(System::clearProperty);
  }

  private static boolean isApplication(String entry) {
    return !Path.of(entry).getFileName().toString().matches(SHARED);
  }

  private static WeakReference<ClassLoader> deploy(ClassLoader shared) throws Exception {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader application = loader(ClassLoadersProgram::isApplication, shared)) {
      thread.setContextClassLoader(application);
      System.out.println(compute(application));
      return new WeakReference<>(application);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private static boolean isCollected(WeakReference<?> reference) throws InterruptedException {
    for (int i = 0; i < COLLECTIONS && reference.get() != null; i++) {
      System.gc();
      Thread.sleep(PAUSE_MILLISECONDS);
    }
    return reference.get() == null;
  }

  private static Object compute(ClassLoader application) throws Exception {
    return application.loadClass(EngineProgram.class.getName()).getMethod("compute").invoke(null);
  }

  private static URLClassLoader application() throws MalformedURLException {
    return loader(entry -> true, ClassLoader.getPlatformClassLoader());
  }

  private static URLClassLoader loader(Predicate<String> entries, ClassLoader parent)
      throws MalformedURLException {
    List<URL> urls = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      if (entries.test(entry)) {
        urls.add(Path.of(entry).toUri().toURL());
      }
    }
    return new URLClassLoader(urls.toArray(URL[]::new), parent);
  }
}
