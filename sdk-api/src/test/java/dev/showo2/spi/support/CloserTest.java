package dev.showo2.spi.support;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.showo2.error.BackendException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CloserTest {

  private final List<String> closed = new ArrayList<>();

  private AutoCloseable resource(String name) {
    return () -> closed.add(name);
  }

  private AutoCloseable failing(String name, Throwable failure) {
    return () -> {
      closed.add(name);
      if (failure instanceof Error error) {
        throw error;
      }
      throw (Exception) failure;
    };
  }

  @Test
  void closesInReverseOrder() {
    try (Closer closer = new Closer()) {
      closer.add(resource("a"));
      closer.add(resource("b"));
      closer.add(resource("c"));
    }
    assertEquals(List.of("c", "b", "a"), closed);
  }

  @Test
  void closesEverythingWhateverIsThrownAndSuppressesAllButTheFirst() {
    Error error = new AssertionError("of c");
    RuntimeException exception = new IllegalStateException("of b");
    IOException checked = new IOException("of a");
    Closer closer = new Closer();
    closer.add(failing("a", checked));
    closer.add(failing("b", exception));
    closer.add(failing("c", error));
    assertSame(error, assertThrows(AssertionError.class, closer::close));
    assertEquals(List.of("c", "b", "a"), closed);
    assertArrayEquals(new Throwable[] {exception, checked}, error.getSuppressed());
    closer.close();
    assertEquals(3, closed.size(), "a second call closed something");
  }

  @Test
  void closesWhatWasOpenedBeforeAnError() {
    OutOfMemoryError error = new OutOfMemoryError("injected");
    IllegalStateException later = new IllegalStateException("of a");
    Throwable thrown =
        assertThrows(
            OutOfMemoryError.class,
            () -> {
              try (Closer closer = new Closer()) {
                closer.add(failing("a", later));
                closer.add(resource("b"));
                throw error;
              }
            });
    assertSame(error, thrown);
    assertEquals(List.of("b", "a"), closed);
    assertArrayEquals(new Throwable[] {later}, error.getSuppressed());
  }

  @Test
  void keepsWhatIsHandedOn() {
    try (Closer closer = new Closer()) {
      closer.add(resource("a"));
      closer.keepAll();
      closer.add(resource("b"));
    }
    assertEquals(List.of("b"), closed);
  }

  @Test
  void checkedExceptionsAreTheBackends() {
    IOException checked = new IOException("of a");
    Closer closer = new Closer();
    closer.add(failing("a", checked));
    assertSame(checked, assertThrows(BackendException.class, closer::close).getCause());
  }

  @Test
  void closingAfterAFailureThrowsNothing() {
    RuntimeException failure = new IllegalStateException("first");
    Error error = new AssertionError("second");
    Closer.closeAfter(failure, failing("a", error));
    Closer.closeAfter(failure, failing("b", failure));
    Closer.closeAfter(failure, resource("c"));
    assertEquals(List.of("a", "b", "c"), closed);
    assertArrayEquals(new Throwable[] {error}, failure.getSuppressed());
  }
}
