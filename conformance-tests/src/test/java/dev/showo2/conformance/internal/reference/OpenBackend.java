package dev.showo2.conformance.internal.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.model.Bundle;
import dev.showo2.stage.Attention;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;

/** A backend for a test; closing it fails if handles are left. */
record OpenBackend(Bundle bundle, ReferenceBackend backend) implements AutoCloseable {

  /** What adding up in another order may do; arithmetic is in doubles, results are floats. */
  private static final float ROUNDING = 1e-6f;

  static OpenBackend open(Bundle bundle) {
    return open(bundle, OptionalInt.empty());
  }

  static OpenBackend open(Bundle bundle, OptionalInt threads) {
    return new OpenBackend(bundle, ReferenceBackend.open(bundle, threads));
  }

  /** Normally distributed values that depend on the seed and the shape only. */
  static HostTensor random(long seed, long... shape) {
    Random random = new Random(seed);
    HostTensor tensor = HostTensor.zeros(Shape.of(shape));
    for (int i = 0; i < tensor.values().length; i++) {
      tensor.values()[i] = (float) random.nextGaussian();
    }
    return tensor;
  }

  Tensor uploadRandom(long seed, long... shape) {
    return backend.upload(random(seed, shape));
  }

  long hiddenSize() {
    return bundle.architecture().backbone().hiddenSize();
  }

  HostTensor append(KvCache cache, Attention attention, Tensor... parts) {
    return take(backend.backbone().append(BackboneRequest.of(cache, List.of(parts), attention)));
  }

  HostTensor evaluate(KvCache cache, Attention attention, Tensor... parts) {
    return take(backend.backbone().evaluate(BackboneRequest.of(cache, List.of(parts), attention)));
  }

  static HostTensor take(Tensor tensor) {
    try (tensor) {
      return tensor.toHost();
    }
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
    assertEquals(a.shape(), b.shape());
    float largest = 0;
    for (int i = 0; i < a.values().length; i++) {
      largest = Math.max(largest, Math.abs(a.values()[i] - b.values()[i]));
    }
    assertTrue(largest > 1000 * ROUNDING, "max abs difference only " + largest);
  }

  @Override
  public void close() {
    long open = backend.lifetime().openResources();
    backend.close();
    assertEquals(0, open, "handles left open");
  }
}
