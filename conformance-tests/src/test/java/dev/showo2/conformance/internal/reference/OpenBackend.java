package dev.showo2.conformance.internal.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.model.Bundle;
import dev.showo2.tensor.HostTensor;
import dev.showo2.testing.OpenedBackend;
import dev.showo2.testing.Tensors;
import java.util.OptionalInt;

/** A backend for a test; closing it fails if handles are left. */
record OpenBackend(Bundle bundle, ReferenceBackend backend) implements OpenedBackend {

  /** What adding up in another order may do; arithmetic is in doubles, results are floats. */
  private static final float ROUNDING = 1e-6f;

  static OpenBackend open(Bundle bundle) {
    return open(bundle, OptionalInt.empty());
  }

  static OpenBackend open(Bundle bundle, OptionalInt threads) {
    return new OpenBackend(bundle, ReferenceBackend.open(bundle, threads));
  }

  static void assertClose(HostTensor expected, HostTensor actual) {
    assertEquals(expected.shape(), actual.shape());
    for (int i = 0; i < expected.values().length; i++) {
      float value = expected.values()[i];
      assertEquals(value, actual.values()[i], ROUNDING * Math.max(1, Math.abs(value)));
    }
  }

  /** Far enough apart that rounding could never explain it. */
  static void assertFar(HostTensor a, HostTensor b) {
    float largest = Tensors.largestDifference(a, b);
    assertTrue(largest > 1000 * ROUNDING, "max abs difference only " + largest);
  }

  @Override
  public void close() {
    long open = backend.lifetime().openResources();
    backend.close();
    assertEquals(0, open, "handles left open");
  }
}
