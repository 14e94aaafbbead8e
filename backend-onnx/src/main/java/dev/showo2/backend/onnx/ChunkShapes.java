package dev.showo2.backend.onnx;

import dev.showo2.model.Architecture;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;

/** Which chunks of a video the VAE takes: after the first one, others of its size. */
final class ChunkShapes {

  private static final int COLORS = 3;

  private final String name;
  private final int channels;
  private final int laterFrames;
  private final int factor;
  private Shape first;

  /**
   * @param laterFrames of every chunk but the first, which has one
   * @param factor of which height and width are multiples
   */
  private ChunkShapes(String name, int channels, int laterFrames, int factor) {
    this.name = name;
    this.channels = channels;
    this.laterFrames = laterFrames;
    this.factor = factor;
  }

  static ChunkShapes pixels() {
    return new ChunkShapes(
        "pixels", COLORS, Architecture.VAE_TEMPORAL_FACTOR, Architecture.VAE_SPATIAL_FACTOR);
  }

  static ChunkShapes latents(int channels) {
    return new ChunkShapes("latents", channels, 1, 1);
  }

  /**
   * @return the shape of the next chunk, or of an image, which is a first one
   * @throws IllegalArgumentException if it is not as it should be
   */
  Shape require(Tensor chunk) {
    int frames = first == null ? 1 : laterFrames;
    String what = name + " [B, " + channels + ", " + frames + ", h, w]";
    return first == null
        ? TensorShapes.requirePlanes(
            chunk, factor, what, TensorShapes.ANY, channels, 1, TensorShapes.ANY, TensorShapes.ANY)
        : TensorShapes.require(
            chunk,
            what + " of the batch and size of the first chunk " + first,
            first.dimension(0),
            channels,
            frames,
            first.dimension(3),
            first.dimension(4));
  }

  /** Notes that a chunk of this shape went through. */
  void taken(Shape chunk) {
    if (first == null) {
      first = chunk;
    }
  }
}
