package dev.showo2.samples.embedding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;

import dev.showo2.samples.testing.ChildJvm;
import dev.showo2.samples.testing.TestCache;
import dev.showo2.text.TextTokenizer;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The SDK in class loaders of its own, as in the web applications or plug-ins of one process. */
class ClassLoadersTest {

  @TempDir private Path folder;

  private static URLClassLoader application() throws MalformedURLException {
    List<URL> urls = new ArrayList<>();
    for (String entry : ChildJvm.classPath().split(File.pathSeparator)) {
      urls.add(Path.of(entry).toUri().toURL());
    }
    return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
  }

  /** The JVM gives a native library to one class loader only. */
  @Test
  void severalApplicationsOfOneProcessWorkOnItsCommonPool() throws Exception {
    Path bundle = TestCache.bundle();
    List<Object> results = new ArrayList<>();
    try (URLClassLoader one = application();
        URLClassLoader two = application()) {
      for (ClassLoader application : List.of(one, two)) {
        Class<?> program = application.loadClass(OpensModel.class.getName());
        assertNotSame(OpensModel.class, program);
        Path video = folder.resolve("clip" + results.size() + ".mp4");
        results.add(program.getMethod("work", Path.class, Path.class).invoke(null, bundle, video));
      }
    }
    assertEquals(List.of("onnx STOP_TOKEN 3", "onnx STOP_TOKEN 3"), results);
  }

  /** Its jars are within a jar, where no file system and no class path of Java sees them. */
  @Test
  void executableJarOfSpringBoot() throws Exception {
    Path jar = ExecutableJar.write(folder, OpensModel.class);
    for (String backend : List.of("onnx", "djl")) {
      List<String> command =
          List.of(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-jar",
              jar.toString(),
              TestCache.bundle().toString(),
              folder.resolve("clip.mp4").toString(),
              backend);
      ChildJvm.Result result = ChildJvm.run(folder, Map.of(), command);
      assertEquals("", result.err());
      assertEquals(backend + " STOP_TOKEN 3" + System.lineSeparator(), result.out());
    }
  }

  /** Such as the JDK's, after JNA has started a program: for a minute it would keep the loader. */
  @Test
  void tokenizerLeavesNoThreadThatKeepsTheClassLoader() throws Exception {
    Path file = TestCache.bundle().resolve("tokenizer.json");
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader application = application()) {
      thread.setContextClassLoader(application);
      Class<?> type = application.loadClass(TextTokenizer.class.getName());
      ((AutoCloseable) type.getMethod("load", Path.class).invoke(null, file)).close();
      thread.setContextClassLoader(before);
      assertEquals(
          List.of(),
          Thread.getAllStackTraces().keySet().stream()
              .filter(each -> each.getContextClassLoader() == application)
              .map(Thread::getName)
              .toList());
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
