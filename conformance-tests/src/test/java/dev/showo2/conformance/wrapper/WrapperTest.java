package dev.showo2.conformance.wrapper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.showo2.conformance.internal.golden.TestBundle;
import dev.showo2.model.Bundle;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** A small backend with an asserting one around it. */
abstract class WrapperTest {

  Bundle bundle;
  SmallBackend small;
  AssertingBackend backend;

  @BeforeEach
  void wrap(@TempDir Path directory) throws IOException {
    bundle = TestBundle.in(directory);
    small = new SmallBackend(bundle.architecture());
    backend = AssertingBackend.around(small, bundle);
  }

  /** Zeros of a shape. */
  Tensor tensor(long... shape) {
    return backend.upload(HostTensor.zeros(Shape.of(shape)));
  }

  static void assertCallerBroke(String call, String rest, Executable executable) {
    assertBroke("the caller", call, rest, executable);
  }

  static void assertBackendBroke(String call, String rest, Executable executable) {
    assertBroke("the backend", call, rest, executable);
  }

  private static void assertBroke(String who, String call, String rest, Executable executable) {
    AssertionError error = assertThrows(AssertionError.class, executable);
    assertEquals(who + " broke the contract of " + call + ": " + rest, error.getMessage());
  }
}
