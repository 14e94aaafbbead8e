package dev.showo2.backend.djl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Refuses every connection of this process, {@link java.net.URLConnection}'s included, and fails
 * the test during which one was tried: DJL says nothing of those that fail. JUnit finds it as a
 * service, so that it guards all tests of this module.
 */
public final class ConnectionGuard
    implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {

  private static final List<String> TRIED = new ArrayList<>();

  private static boolean installed;

  /** Begins to refuse connections. */
  @SuppressWarnings("deprecation") // What would replace it covers no URLConnection.
  static synchronized void install() {
    if (!installed) {
      installed = true;
      try {
        Socket.setSocketImplFactory(ConnectionGuard::refuse);
      } catch (IOException e) {
        throw new AssertionError("nobody else guards connections", e);
      }
    }
  }

  private static synchronized java.net.SocketImpl refuse() {
    TRIED.add(StackWalker.getInstance().walk(stack -> stack.skip(1).limit(30).toList()).toString());
    throw new IllegalStateException("a connection was tried");
  }

  /** {@return where connections were tried, empty from then on} */
  static synchronized List<String> tried() {
    List<String> tried = List.copyOf(TRIED);
    TRIED.clear();
    return tried;
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    install();
  }

  @Override
  public void afterEach(ExtensionContext context) {
    assertEquals(List.of(), tried());
  }

  @Override
  public void afterAll(ExtensionContext context) {
    assertEquals(List.of(), tried());
  }
}
