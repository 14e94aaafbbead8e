package dev.showo2.error.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.InsufficientMemoryException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeapLimitTest {

  @ParameterizedTest
  @CsvSource({
    "Java heap space, give it more with -Xmx, true",
    "GC overhead limit exceeded, give it more with -Xmx, true",
    "'unable to create native thread: possibly out of memory or process/thread limits reached',"
        + " raise the limit of threads, false",
    "unable to create new native thread, raise the limit of threads, false",
    "Requested array size exceeds VM limit, no heap has room for an array, false",
  })
  void adviceIsAboutWhatIsMissing(String message, String advice, boolean heap) {
    String found = HeapLimit.exceeded("the call", new OutOfMemoryError(message)).getMessage();
    assertTrue(found.startsWith("the call "), found);
    assertTrue(found.contains("(" + message + ")"), found);
    assertTrue(found.contains(advice), found);
    assertEquals(heap, found.contains("-Xmx"), found);
  }

  @Test
  void errorsWithoutMessageAreTranslated() {
    OutOfMemoryError error = new OutOfMemoryError();
    InsufficientMemoryException found =
        assertThrows(
            InsufficientMemoryException.class,
            () ->
                HeapLimit.guard(
                    "the call",
                    () -> {
                      throw error;
                    }));
    assertSame(error, found.getCause());
    assertTrue(found.getMessage().contains("-Xmx"), found.getMessage());
  }
}
