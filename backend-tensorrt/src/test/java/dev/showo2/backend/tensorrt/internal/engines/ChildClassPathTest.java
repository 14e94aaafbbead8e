package dev.showo2.backend.tensorrt.internal.engines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.BackendException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.security.cert.Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The class path of the process that builds, for the class loaders that programs have. */
class ChildClassPathTest {

  private static final String NAME = TestPlanBuilder.class.getName();
  private static final String FILE = NAME.replace('.', '/') + ".class";

  @TempDir Path folder;

  private static byte[] code() throws IOException {
    try (InputStream in = ChildClassPathTest.class.getClassLoader().getResourceAsStream(FILE)) {
      return in.readAllBytes();
    }
  }

  private Path jar(String name, boolean withClass) throws IOException {
    Path jar = folder.resolve(name);
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(out, manifest)) {
      if (withClass) {
        entries.putNextEntry(new JarEntry(FILE));
        entries.write(code());
      }
    }
    return jar;
  }

  private static List<String> entries(String classPath) {
    return Arrays.asList(classPath.split(File.pathSeparator));
  }

  @Test
  void theClassPathOfThisProgramIsPartOfIt() {
    List<String> entries = entries(ChildClassPath.of(List.of(TestPlanBuilder.class)));
    for (String entry : entries(System.getProperty("java.class.path"))) {
      assertTrue(entries.contains(Path.of(entry).toAbsolutePath().normalize().toString()), entry);
    }
    assertEquals(entries.size(), entries.stream().distinct().count());
  }

  @Test
  void theJarsOfAClassLoaderOfTheProgramComeFirst()
      throws IOException, ReflectiveOperationException {
    Path own = jar("the builder.jar", true);
    Path natives = jar("natives.jar", false);
    URL[] urls = {own.toUri().toURL(), natives.toUri().toURL()};
    try (URLClassLoader loader = new Isolated(urls)) {
      Class<?> type = loader.loadClass(NAME);
      assertEquals(loader, type.getClassLoader());
      List<String> entries = entries(ChildClassPath.of(List.of(type)));
      assertEquals(own.toString(), entries.get(0));
      assertTrue(entries.contains(natives.toString()), "holds no class, but what classes load");
    }
  }

  @Test
  void aJarWithinAJarIsRefusedWithTheOption() throws IOException {
    URL nested = new URL("jar:file:/opt/app.jar!/BOOT-INF/lib/backend-tensorrt.jar!/");
    byte[] code = code();
    ClassLoader loader =
        new ClassLoader(ClassLoader.getPlatformClassLoader()) {
          @Override
          protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (!name.equals(NAME)) {
              return ChildClassPathTest.class.getClassLoader().loadClass(name);
            }
            CodeSource source = new CodeSource(nested, (Certificate[]) null);
            return defineClass(
                name, code, 0, code.length, new ProtectionDomain(source, null, this, null));
          }
        };
    String message =
        assertThrows(
                BackendException.class, () -> ChildClassPath.of(List.of(loader.loadClass(NAME))))
            .getMessage();
    assertEquals(
        "engines are built by a Java process of its own, whose class path cannot be derived: "
            + NAME
            + " is loaded from "
            + nested
            + ", a jar or folder was expected. Name the jars of this program, unpacked, by the"
            + " option 'builder-class-path', separated by '"
            + File.pathSeparator
            + "'",
        message);
  }

  @Test
  void aClassOfJavaItselfHasNoJar() {
    assertThrows(BackendException.class, () -> ChildClassPath.of(List.of(String.class)));
  }

  /** Loads the builder itself and all else as the tests do. */
  private static final class Isolated extends URLClassLoader {

    Isolated(URL[] urls) {
      super(urls, ChildClassPathTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      return name.equals(NAME) ? findClass(name) : super.loadClass(name, resolve);
    }
  }
}
