package dev.showo2.pipeline.internal;

import dev.showo2.model.Architecture;
import dev.showo2.tensor.Shape;
import java.util.List;
import org.apiguardian.api.API;

/**
 * Estimates of the memory that requests hold between their steps: KV caches in 32-bit floats,
 * latents with what a solver keeps of them, and images. The engine's memory for one step is not
 * among it.
 *
 * @param backbonePosition bytes of keys and values of one position in the backbone
 * @param flowPosition the same of the flow head
 * @param architecture of the model
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public record RequestMemory(long backbonePosition, long flowPosition, Architecture architecture) {

  /** Tokens around a prompt: system message, markers. */
  private static final int TEMPLATE_POSITIONS = 64;

  /** Latents, noise and the velocities that multistep solvers and reuse keep. */
  private static final int LATENT_COPIES = 8;

  /** The floats of an image's pixels and its RGB integers. */
  private static final int BYTES_PER_PIXEL = 3 * Float.BYTES + Integer.BYTES;

  /** {@return the estimates of a model} */
  public static RequestMemory of(LoadedModel model) {
    Architecture architecture = model.architecture();
    Architecture.Decoder backbone = architecture.backbone();
    Architecture.FlowHead flow = architecture.flowHead();
    return new RequestMemory(
        2L * Float.BYTES * backbone.layers() * backbone.keyValueHeads() * backbone.headSize(),
        2L * Float.BYTES * flow.layers() * flow.keyValueHeads() * flow.headSize(),
        architecture);
  }

  /**
   * Estimates images that are drawn one after the other; all of them are kept for the result.
   *
   * @param images at least one
   * @return bytes
   */
  public long images(List<PreparedImageRequest> images) {
    long caches = 0;
    long results = 0;
    for (PreparedImageRequest image : images) {
      long positions =
          (long) image.prompt().length + image.negativePrompt().length + 2 * TEMPLATE_POSITIONS;
      caches = Math.max(caches, positions * (backbonePosition + flowPosition));
      results +=
          latents(image.noise().shape()) + pixels(image.size().width(), image.size().height());
    }
    return caches + results;
  }

  /**
   * Estimates a video, whose frames are handed on as they are decoded.
   *
   * @param promptTokens of prompt and negative prompt
   * @param latents [1, C, T, h, w]
   * @return bytes
   */
  public long video(int promptTokens, Shape latents) {
    int scale = Architecture.VAE_SPATIAL_FACTOR;
    long frame = pixels(scale * latents.dimension(4), scale * latents.dimension(3));
    return (promptTokens + 2L * TEMPLATE_POSITIONS) * (backbonePosition + flowPosition)
        + latents(latents)
        + Architecture.VAE_TEMPORAL_FACTOR * frame;
  }

  /**
   * Estimates a text.
   *
   * @param positions of the sequence at its end
   * @return bytes
   */
  public long text(long positions) {
    return positions * backbonePosition;
  }

  /**
   * Estimates a story, which is cached once for its texts and once for its images.
   *
   * @param positions of the sequence at its end
   * @param images that it may have
   * @return bytes
   */
  public long story(long positions, int images) {
    int scale = Architecture.VAE_SPATIAL_FACTOR * architecture.patchSize();
    long width = (long) scale * architecture.imageGrid().columns();
    long height = (long) scale * architecture.imageGrid().rows();
    return positions * (2 * backbonePosition + flowPosition) + images * pixels(width, height);
  }

  private static long latents(Shape shape) {
    long elements = 1;
    for (long dimension : shape.toArray()) {
      elements *= dimension;
    }
    return LATENT_COPIES * Float.BYTES * elements;
  }

  private static long pixels(long width, long height) {
    return BYTES_PER_PIXEL * width * height;
  }
}
