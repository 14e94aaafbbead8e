package dev.showo2.conformance.internal.check.contract;

import dev.showo2.conformance.internal.check.Check;
import dev.showo2.conformance.internal.check.CheckContext;
import dev.showo2.conformance.internal.check.Inputs;
import dev.showo2.conformance.internal.check.Refusals;
import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.compare.Checks.Within;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.spi.Backend;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Checks of R-09: upload and reading of values through every kind of buffer. */
final class TransferChecks {

  private static final HostTensor VALUES = Inputs.normal(1, 2, 3, 4);

  private static final int COUNT = VALUES.values().length;

  /** The bytes before and behind the values in a larger buffer. */
  private static final int MARGIN = 5;

  private TransferChecks() {}

  static List<Check> all() {
    return List.of(
        Check.of(Rule.R09, "upload", TransferChecks::r09Upload),
        Check.of(Rule.R09, "upload copies", TransferChecks::r09UploadCopies),
        Check.of(Rule.R09, "read", TransferChecks::r09Read),
        Check.of(Rule.R09, "refused", TransferChecks::r09Refused));
  }

  /** Empty buffers of every kind. */
  private static Map<String, FloatBuffer> buffers(int size) {
    Map<String, FloatBuffer> buffers = new LinkedHashMap<>();
    buffers.put("a heap buffer", FloatBuffer.allocate(size));
    buffers.put("a slice of a heap buffer", FloatBuffer.allocate(size + 3).slice(2, size));
    for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
      ByteBuffer direct = ByteBuffer.allocateDirect(size * Float.BYTES).order(order);
      buffers.put("a direct buffer, " + order, direct.asFloatBuffer());
      ByteBuffer heap = ByteBuffer.allocate(size * Float.BYTES).order(order);
      buffers.put("a view of bytes, " + order, heap.asFloatBuffer());
    }
    return buffers;
  }

  private static void r09Upload(CheckContext context, Checks checks) {
    Backend backend = context.backend();
    buffers(COUNT + 2 * MARGIN)
        .forEach(
            (name, buffer) -> {
              buffer.put(MARGIN, VALUES.values());
              buffer.position(MARGIN).limit(MARGIN + COUNT + 1);
              upload(backend, checks, name, buffer);
              upload(backend, checks, name + ", read-only", buffer.asReadOnlyBuffer());
            });
    try (Tensor tensor = backend.upload(VALUES)) {
      checks.compare("from a host tensor", tensor, VALUES, Within.STAGE);
    }
  }

  private static void upload(Backend backend, Checks checks, String name, FloatBuffer buffer) {
    int limit = buffer.limit();
    try (Tensor tensor = backend.upload(buffer, VALUES.shape())) {
      checks.compare("from " + name, tensor, VALUES, Within.STAGE);
    }
    checks.require(
        "position and limit of " + name,
        buffer.position() == MARGIN && buffer.limit() == limit,
        "were "
            + MARGIN
            + " and "
            + limit
            + ", upload made them "
            + buffer.position()
            + " and "
            + buffer.limit()
            + "; it leaves them as they are: read from a duplicate");
  }

  private static void r09UploadCopies(CheckContext context, Checks checks) {
    buffers(COUNT)
        .forEach(
            (name, buffer) -> {
              buffer.put(0, VALUES.values());
              try (Tensor tensor = context.backend().upload(buffer, VALUES.shape())) {
                buffer.put(0, new float[COUNT]);
                checks.compare("after a change of " + name, tensor, VALUES, Within.STAGE);
              }
            });
  }

  private static void r09Read(CheckContext context, Checks checks) {
    try (Tensor tensor = context.backend().upload(VALUES)) {
      HostTensor held = tensor.toHost();
      buffers(COUNT + 2 * MARGIN)
          .forEach((name, buffer) -> read(tensor, held, checks, name, buffer));
    }
  }

  private static void read(
      Tensor tensor, HostTensor held, Checks checks, String name, FloatBuffer buffer) {
    float[] marks = new float[COUNT + 2 * MARGIN];
    Arrays.fill(marks, 7);
    buffer.put(0, marks).position(MARGIN).limit(MARGIN + COUNT + 1);
    tensor.read(buffer);
    checks.require(
        "position of " + name,
        buffer.position() == MARGIN + COUNT,
        "was "
            + MARGIN
            + ", reading "
            + COUNT
            + " values made it "
            + buffer.position()
            + "; it goes behind what was read");
    System.arraycopy(held.values(), 0, marks, MARGIN, COUNT);
    float[] found = new float[marks.length];
    buffer.clear().get(0, found);
    Shape all = Shape.of(found.length);
    checks.compare(
        "all of " + name, new HostTensor(all, found), new HostTensor(all, marks), Within.EXACT);
  }

  private static void r09Refused(CheckContext context, Checks checks) {
    Backend backend = context.backend();
    Refusals refusals =
        new Refusals(checks, IllegalArgumentException.class, "look at what remains in the buffer");
    refusals.of(
        "a buffer with a value too few",
        () -> backend.upload(FloatBuffer.allocate(COUNT).position(1), VALUES.shape()));
    try (Tensor tensor = backend.upload(VALUES)) {
      FloatBuffer small = FloatBuffer.allocate(COUNT).position(1);
      refusals.of(
          "a destination with an element too few",
          () -> {
            tensor.read(small);
            return null;
          });
      checks.compare("position of the destination that was too small", small.position(), 1);
    }
    new Refusals(checks, IllegalArgumentException.class, "no stage takes a tensor without values")
        .of(
            "a shape without values",
            () -> backend.upload(FloatBuffer.allocate(1), Shape.of(1, 0, 4)));
  }
}
