package dev.showo2.export.fake;

import dev.showo2.model.Bundle;
import dev.showo2.model.Precision;
import dev.showo2.spi.Availability;
import dev.showo2.spi.Backend;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.BackendInfo;
import dev.showo2.spi.BackendProvider;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Set;
import java.util.concurrent.Callable;

/** Is found only within {@link #using}; else the module's tests have no backend. */
public final class FakeBackendProvider implements BackendProvider {

  private static final ThreadLocal<Behavior> BEHAVIOR = new ThreadLocal<>();

  /** Runs something on a thread that finds this backend, and gives it a behavior. */
  public static <T> T using(Behavior behavior, Callable<T> call) throws Exception {
    Thread thread = Thread.currentThread();
    ClassLoader usual = thread.getContextClassLoader();
    try (URLClassLoader withService = new URLClassLoader(new URL[] {services()}, usual)) {
      BEHAVIOR.set(behavior);
      thread.setContextClassLoader(withService);
      return call.call();
    } finally {
      thread.setContextClassLoader(usual);
      BEHAVIOR.remove();
    }
  }

  private static URL services() throws MalformedURLException {
    String folder = "/fake-backend/META-INF/services/";
    String file =
        FakeBackendProvider.class.getResource(folder + BackendProvider.class.getName()).toString();
    return new URL(file.substring(0, file.indexOf("META-INF")));
  }

  @Override
  public String id() {
    return "fake";
  }

  @Override
  public BackendInfo info() {
    return BackendInfo.builder("Fake").version("1").priority(1).build();
  }

  @Override
  public Set<Precision> precisions() {
    return BEHAVIOR.get().precisions();
  }

  @Override
  public Availability probe() {
    return Availability.usable();
  }

  @Override
  public Backend open(Bundle bundle, BackendConfig config) {
    return new FakeBackend(bundle.architecture(), BEHAVIOR.get());
  }
}
