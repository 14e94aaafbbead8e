package dev.showo2.pipeline.internal;

import dev.showo2.error.BackendException;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import java.util.Arrays;
import org.apiguardian.api.API;

/**
 * The frames of latents [B, C, T, h, w]. Each channel is stored as a plane of T frames, so that no
 * frame is contiguous. Immutable.
 *
 * @param shape [B, C, T, h, w]
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public record LatentFrames(Shape shape) {

  /** The number of latent frames T. */
  int count() {
    return Math.toIntExact(shape.dimension(2));
  }

  private int frameSize() {
    return Math.toIntExact(shape.dimension(3) * shape.dimension(4));
  }

  private int planes() {
    return Math.toIntExact(shape.dimension(0) * shape.dimension(1));
  }

  private int offset(int plane, int frame) {
    return (plane * count() + frame) * frameSize();
  }

  private Shape shapeOfOne() {
    return Shape.of(
        shape.dimension(0), shape.dimension(1), 1, shape.dimension(3), shape.dimension(4));
  }

  /**
   * Copies one frame.
   *
   * @param latents of this shape
   * @param index of the frame, from 0
   * @return [B, C, 1, h, w]
   */
  public HostTensor frame(HostTensor latents, int index) {
    float[] values = new float[planes() * frameSize()];
    for (int plane = 0; plane < planes(); plane++) {
      System.arraycopy(
          latents.values(), offset(plane, index), values, plane * frameSize(), frameSize());
    }
    return new HostTensor(shapeOfOne(), values);
  }

  /**
   * A copy of latents with another first frame.
   *
   * @param first [B, C, 1, h, w]
   * @throws BackendException if it has another shape
   */
  HostTensor withFirst(HostTensor latents, HostTensor first) {
    if (!first.shape().equals(shapeOfOne())) {
      throw new BackendException(
          "first frame: latents "
              + shapeOfOne()
              + " are needed, found "
              + first.shape()
              + "; the encoder does not fit the size of this model's videos");
    }
    float[] values = latents.values().clone();
    for (int plane = 0; plane < planes(); plane++) {
      System.arraycopy(first.values(), plane * frameSize(), values, offset(plane, 0), frameSize());
    }
    return new HostTensor(shape, values);
  }

  /** A copy of values that belong to the latents, with zeros in the first frame. */
  float[] withFirstAtZero(float[] values) {
    float[] copy = values.clone();
    for (int plane = 0; plane < planes(); plane++) {
      Arrays.fill(copy, offset(plane, 0), offset(plane, 1), 0f);
    }
    return copy;
  }
}
