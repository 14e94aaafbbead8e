package dev.showo2.testing;

import dev.showo2.model.Bundle;
import dev.showo2.model.Precision;
import dev.showo2.spi.Availability;
import dev.showo2.spi.Backend;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.BackendInfo;
import dev.showo2.spi.BackendProvider;
import java.util.Set;
import java.util.concurrent.Callable;

/**
 * The provider that ServiceLoader makes on a thread on which a test has registered one. All other
 * threads find no fake backend, as none is registered on the class path.
 */
public final class RegisteredProvider implements BackendProvider {

  private static final ThreadLocal<BackendProvider> REGISTERED = new ThreadLocal<>();

  private final BackendProvider delegate;

  /** For ServiceLoader. */
  public RegisteredProvider() {
    delegate = REGISTERED.get() == null ? new FakeProvider("fake") : REGISTERED.get();
  }

  /** Lets the calling thread find a provider, beside what it finds anyway, until it is closed. */
  public static Registration register(BackendProvider provider) {
    Thread thread = Thread.currentThread();
    Registration registration =
        new Registration(thread, thread.getContextClassLoader(), REGISTERED.get());
    REGISTERED.set(provider);
    thread.setContextClassLoader(
        new ServiceFile(
            BackendProvider.class,
            RegisteredProvider.class.getName() + "\n",
            registration.loaderBefore()));
    return registration;
  }

  /** Calls something that finds a provider. */
  public static <T> T using(BackendProvider provider, Callable<T> call) throws Exception {
    Registration registration = register(provider);
    try {
      return call.call();
    } finally {
      registration.close();
    }
  }

  /** The time in which a provider is found. */
  public record Registration(
      Thread thread, ClassLoader loaderBefore, BackendProvider providerBefore)
      implements AutoCloseable {

    @Override
    public void close() {
      thread.setContextClassLoader(loaderBefore);
      REGISTERED.set(providerBefore);
    }
  }

  @Override
  public String id() {
    return delegate.id();
  }

  @Override
  public BackendInfo info() {
    return delegate.info();
  }

  @Override
  public Availability probe() {
    return delegate.probe();
  }

  @Override
  public Set<Precision> precisions() {
    return delegate.precisions();
  }

  @Override
  public Backend open(Bundle bundle, BackendConfig config) {
    return delegate.open(bundle, config);
  }
}
