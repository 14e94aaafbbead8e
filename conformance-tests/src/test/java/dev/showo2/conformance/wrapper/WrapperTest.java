package dev.showo2.conformance.wrapper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.showo2.model.Bundle;
import dev.showo2.spi.Capabilities;
import dev.showo2.spi.support.ForwardingBackend;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import dev.showo2.testing.FakeBackend;
import dev.showo2.testing.FakeBundle;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** A fake backend with an asserting one around it. */
abstract class WrapperTest {

  Bundle bundle;
  FakeBackend fake;
  AssertingBackend backend;

  /** The tensor that each upload gives, unless it is null. */
  Tensor uploaded;

  /** The capabilities of the fake backend, unless a test lets it claim others. */
  Supplier<Capabilities> capabilities = () -> fake.capabilities();

  int closings;

  @BeforeEach
  void wrap(@TempDir Path directory) throws IOException {
    bundle = Bundle.open(FakeBundle.write(directory));
    fake = FakeBackend.of(bundle.architecture());
    backend = asserting();
  }

  /** An asserting backend around what a test has made of the fake one. */
  final AssertingBackend asserting() {
    return AssertingBackend.around(new Claiming(), bundle);
  }

  private final class Claiming extends ForwardingBackend {

    Claiming() {
      super(fake);
    }

    @Override
    public Capabilities capabilities() {
      return capabilities.get();
    }

    @Override
    public Tensor upload(FloatBuffer values, Shape shape) {
      return uploaded == null ? super.upload(values, shape) : uploaded;
    }

    @Override
    public Tensor upload(HostTensor tensor) {
      return uploaded == null ? super.upload(tensor) : uploaded;
    }

    @Override
    public void close() {
      closings++;
    }
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
