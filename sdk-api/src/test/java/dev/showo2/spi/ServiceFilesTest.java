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
import java.util.ArrayList;
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
    Thread.currentThread().setContextClassLoader(null);
    assertEquals("[fake] []", foundByAProgram());
    assertEquals(List.of(), ids(Backends.find()), "the program's alone");
  }

  /** As on the common pool of an executable jar, a web application or a plug-in. */
  @Test
  void looksWithItsOwnLoaderWhereThatOfTheThreadSeesNothing() throws Exception {
    ClassLoader blind = new URLClassLoader("blind", new URL[0], null);
    Thread.currentThread().setContextClassLoader(blind);
    assertEquals("[fake] []", foundByAProgram());
    assertFails(
        UnsupportedFeatureException.class,
        () -> Backends.find().select(Optional.empty()),
        "no backend can run here; none was found; add the artifact",
        "looked in the thread's context class loader (blind, java.net.URLClassLoader) and the"
            + " SDK's class loader (app, ",
        "name it with ShowO2.builder(bundle).classLoader(loader)");
  }

  @Test
  void providerThatSeveralLoadersSeeIsOne() throws Exception {
    try (URLClassLoader program = program();
        URLClassLoader thread = new URLClassLoader(new URL[0], program)) {
      Thread.currentThread().setContextClassLoader(thread);
      assertEquals("[fake] []", found(program));
    }
  }

  private String foundByAProgram() throws Exception {
    try (URLClassLoader program = program()) {
      return found(program);
    }
  }

  private URLClassLoader program() throws IOException {
    write("program", RegisteredProvider.class.getName());
    URL[] urls = {
      source(Backends.class), source(RegisteredProvider.class), source(API.class), url("program")
    };
    return new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
  }

  /** The ids and the broken ones that the SDK of a class loader finds. */
  private static String found(ClassLoader program) throws ReflectiveOperationException {
    Class<?> backends = program.loadClass(Backends.class.getName());
    Object found = backends.getMethod("find").invoke(null);
    List<Object> ids = new ArrayList<>();
    for (Object candidate : (List<?>) backends.getMethod("candidates").invoke(found)) {
      ids.add(candidate.getClass().getMethod("id").invoke(candidate));
    }
    return ids + " " + backends.getMethod("broken").invoke(found);
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
