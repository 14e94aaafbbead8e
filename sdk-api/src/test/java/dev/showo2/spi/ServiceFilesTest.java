package dev.showo2.spi;

import static dev.showo2.testing.Messages.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.testing.FakeProvider;
import dev.showo2.testing.RegisteredProvider;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.List;
import java.util.Optional;
import org.apiguardian.api.API;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the real ServiceLoader on broken files, with a registered provider beside them. */
class ServiceFilesTest {

  private static final String SERVICES = "META-INF/services/" + BackendProvider.class.getName();

  @TempDir Path folder;
  private RegisteredProvider.Registration registration;
  private final String propertyBefore = System.getProperty(Backends.PROPERTY);

  @BeforeEach
  void clearProperty() {
    System.clearProperty(Backends.PROPERTY);
  }

  @BeforeEach
  void register() {
    registration = RegisteredProvider.register(new FakeProvider("fake"));
  }

  @AfterEach
  void restore() {
    registration.close();
    if (propertyBefore != null) {
      System.setProperty(Backends.PROPERTY, propertyBefore);
    }
  }

  @Test
  void findsTheProvidersOfTheThreadsLoader() {
    assertEquals(List.of("fake"), ids(Backends.find()));
  }

  /** As a program sees the SDK that has a backend on its class path. */
  @Test
  void looksWithItsOwnLoaderWhereThereIsNoOther() throws Exception {
    write("program", RegisteredProvider.class.getName());
    URL[] urls = {
      source(Backends.class), source(RegisteredProvider.class), source(API.class), url("program")
    };
    Thread.currentThread().setContextClassLoader(null);
    try (URLClassLoader program = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader())) {
      Class<?> backends = program.loadClass(Backends.class.getName());
      Object found = backends.getMethod("find").invoke(null);
      assertEquals(true, backends.getMethod("anyUsable").invoke(found));
    }
    assertEquals(List.of(), ids(Backends.find()), "the program's alone");
  }

  private static URL source(Class<?> type) {
    return type.getProtectionDomain().getCodeSource().getLocation();
  }

  @Test
  void brokenEntriesHideNoOther() throws IOException {
    write("missing", "com.example.Missing\ndev.showo2.spi.BackendConfig\n");
    write("malformed", "not a class name\n");
    URL[] urls = {url("missing"), url("malformed")};
    try (URLClassLoader loader = new URLClassLoader(urls, registered())) {
      Thread.currentThread().setContextClassLoader(loader);
      Backends backends = Backends.find();
      assertEquals("fake", backends.select(Optional.empty()).id());
      assertFails(
          UnsupportedFeatureException.class,
          () -> backends.select(Optional.of("other")),
          "fake (usable)",
          "Provider com.example.Missing not found",
          "dev.showo2.spi.BackendConfig not a subtype",
          "Illegal ");
    }
  }

  @Test
  void aLoaderThatCannotListItsResourcesEnds() throws IOException {
    ClassLoader unreadable =
        new ClassLoader(registered()) {
          @Override
          public Enumeration<URL> getResources(String name) throws IOException {
            throw new IOException("unreadable");
          }
        };
    Thread.currentThread().setContextClassLoader(unreadable);
    Backends backends = Backends.find();
    assertFalse(backends.anyUsable());
    assertFails(
        UnsupportedFeatureException.class,
        () -> backends.select(Optional.empty()),
        "found: broken: ",
        "caused by java.io.IOException: unreadable");
  }

  private static ClassLoader registered() {
    return Thread.currentThread().getContextClassLoader();
  }

  private URL url(String name) throws IOException {
    return folder.resolve(name + "/").toUri().toURL();
  }

  private void write(String name, String content) throws IOException {
    Path file = folder.resolve(name).resolve(SERVICES);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  private static List<String> ids(Backends backends) {
    return backends.candidates().stream().map(Backends.Candidate::id).toList();
  }
}
