package dev.showo2.conformance.internal.compare;

import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import java.util.List;
import java.util.stream.LongStream;
import org.apiguardian.api.API;

/** Cutting and joining of host tensors along one axis, and images as videos of one frame. */
@API(status = API.Status.INTERNAL)
public final class HostTensors {

  private HostTensors() {}

  /** The reference leaves the frame axis out for images, [B, C, h, w]; the SPI has it always. */
  public static HostTensor withFrameAxis(HostTensor latents) {
    Shape shape = latents.shape();
    return shape.rank() == 4
        ? latents.reshape(
            shape.dimension(0), shape.dimension(1), 1, shape.dimension(2), shape.dimension(3))
        : latents;
  }

  /** Images as the reference has them: […, C, 1, h, w] -> […, C, h, w]. */
  public static HostTensor withoutFrameAxis(HostTensor latents) {
    long[] dimensions = latents.shape().toArray();
    int frames = dimensions.length - 3;
    return latents.reshape(
        LongStream.range(0, dimensions.length)
            .filter(axis -> axis != frames)
            .map(axis -> dimensions[(int) axis])
            .toArray());
  }

  /** Positions {@code start} … {@code start + length - 1} of an axis. */
  public static HostTensor slice(HostTensor tensor, int axis, int start, int length) {
    Shape shape = tensor.shape();
    long size = shape.dimension(axis);
    if (start < 0 || length < 0 || start + (long) length > size) {
      throw new IllegalArgumentException(
          "positions " + start + " to " + (start + length) + " of axis " + axis + " in " + shape);
    }
    int inner = inner(shape, axis);
    int outer = outer(shape, axis);
    float[] values = new float[outer * length * inner];
    for (int i = 0; i < outer; i++) {
      System.arraycopy(
          tensor.values(),
          (int) ((i * size + start) * inner),
          values,
          i * length * inner,
          length * inner);
    }
    return new HostTensor(resized(shape, axis, length), values);
  }

  /**
   * @throws IllegalArgumentException if the parts differ in another axis
   */
  public static HostTensor join(List<HostTensor> parts, int axis) {
    Shape first = parts.get(0).shape();
    int size = 0;
    for (HostTensor part : parts) {
      if (part.shape().rank() != first.rank()
          || !resized(part.shape(), axis, 0).equals(resized(first, axis, 0))) {
        throw new IllegalArgumentException(
            "parts of shapes "
                + parts.stream().map(HostTensor::shape).toList()
                + " do not join along axis "
                + axis);
      }
      size += (int) part.shape().dimension(axis);
    }
    int inner = inner(first, axis);
    int outer = outer(first, axis);
    float[] values = new float[outer * size * inner];
    int offset = 0;
    for (HostTensor part : parts) {
      int length = (int) part.shape().dimension(axis) * inner;
      for (int i = 0; i < outer; i++) {
        System.arraycopy(part.values(), i * length, values, i * size * inner + offset, length);
      }
      offset += length;
    }
    return new HostTensor(resized(first, axis, size), values);
  }

  private static Shape resized(Shape shape, int axis, int size) {
    long[] dimensions = shape.toArray();
    dimensions[axis] = size;
    return Shape.of(dimensions);
  }

  private static int outer(Shape shape, int axis) {
    int count = 1;
    for (int i = 0; i < axis; i++) {
      count *= (int) shape.dimension(i);
    }
    return count;
  }

  private static int inner(Shape shape, int axis) {
    int count = 1;
    for (int i = axis + 1; i < shape.rank(); i++) {
      count *= (int) shape.dimension(i);
    }
    return count;
  }
}
