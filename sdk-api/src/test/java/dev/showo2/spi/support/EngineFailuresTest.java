package dev.showo2.spi.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.BackendException;
import dev.showo2.error.InsufficientMemoryException;
import dev.showo2.error.ShowO2Exception;
import org.junit.jupiter.api.Test;

class EngineFailuresTest {

  private final EngineFailures failures =
      new EngineFailures(
          "Toy Engine", EngineFailures.messageContains("bad_alloc", "no memory"), "free some");

  @Test
  void aLackOfMemoryInTheEngineComesWithAdvice() {
    Exception cause = new Exception(" Status: No Memory for 5 bytes ");
    ShowO2Exception failure = failures.during("stage fusion", cause);
    assertInstanceOf(InsufficientMemoryException.class, failure);
    assertSame(cause, failure.getCause());
    assertEquals(
        "stage fusion: Toy Engine could not allocate memory (Status: No Memory for 5 bytes); free"
            + " some",
        failure.getMessage());
  }

  @Test
  void otherFailuresAreTheBackends() {
    Exception cause = new Exception((String) null);
    ShowO2Exception failure = failures.during("stage fusion", cause);
    assertInstanceOf(BackendException.class, failure);
    assertSame(cause, failure.getCause());
    assertEquals("stage fusion: Toy Engine failed: null", failure.getMessage());
  }

  @Test
  void theHeapAndTheMemoryOutsideItAreToldApart() {
    OutOfMemoryError heap = new OutOfMemoryError("Java heap space");
    InsufficientMemoryException failure = EngineFailures.outOfMemory("a tensor", heap);
    assertSame(heap, failure.getCause());
    assertTrue(
        failure.getMessage().startsWith("the heap has no room for a tensor (Java heap space)"));
    assertTrue(failure.getMessage().endsWith("give it more with -Xmx"), failure.getMessage());
    String direct =
        EngineFailures.outOfMemory(
                "a tensor",
                new OutOfMemoryError("Cannot reserve 8 bytes of direct buffer memory (limit: 4)"))
            .getMessage();
    assertTrue(
        direct.startsWith("the JVM may not have more buffers outside its heap for a tensor (Can"),
        direct);
    assertTrue(direct.endsWith("allow it more with -XX:MaxDirectMemorySize"), direct);
  }
}
