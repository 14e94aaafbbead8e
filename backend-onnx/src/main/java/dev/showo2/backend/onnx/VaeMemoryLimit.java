package dev.showo2.backend.onnx;

import com.sun.management.OperatingSystemMXBean;
import dev.showo2.error.InsufficientMemoryException;
import dev.showo2.model.Architecture;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.Shape;
import java.lang.management.ManagementFactory;
import java.util.OptionalLong;

/**
 * The memory that the VAE needs at the least. Images for which the machine is too small are refused
 * beforehand: a system that promises more memory than it has would end the process, once the engine
 * writes to it.
 *
 * @param machine bytes of memory and swap in all; if unknown, nothing is refused
 * @param width of the VAE at the resolution of the image (SPEC 1)
 */
record VaeMemoryLimit(OptionalLong machine, int width) {

  /**
   * In the middle every latent attends to all; the engine holds the scores twice, before and after
   * softmax.
   */
  private static final double BYTES_PER_SCORE = 2.0 * Float.BYTES;

  /** What a convolution that halves 2 · width channels takes and gives, at the full resolution. */
  private static final int WIDTHS = 3;

  private static final int PIXELS_PER_LATENT =
      Architecture.VAE_SPATIAL_FACTOR * Architecture.VAE_SPATIAL_FACTOR;

  /** On the device of the options: the memory of a GPU is unknown. */
  static VaeMemoryLimit of(OnnxOptions options, Architecture.Vae vae) {
    return new VaeMemoryLimit(
        options.cuda().isPresent() ? OptionalLong.empty() : ofThisMachine(), vae.width());
  }

  /**
   * The memory and swap of this machine, or of its container where that has a limit; unknown to
   * runtimes without the JDK's management module.
   */
  static OptionalLong ofThisMachine() {
    try {
      return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
          ? OptionalLong.of(system.getTotalMemorySize() + system.getTotalSwapSpaceSize())
          : OptionalLong.empty();
    } catch (LinkageError e) {
      return OptionalLong.empty();
    }
  }

  /**
   * @param input [B, C, F, H, W]; other shapes are left to the engine to refuse
   * @param scale positions of the input along one latent
   * @param holdsScores whether the graph holds the scores of attention
   * @throws InsufficientMemoryException if the machine is too small
   */
  void requireFor(Stage stage, Shape input, int scale, boolean holdsScores) {
    if (machine.isEmpty() || input.rank() != 5) {
      return;
    }
    long rows = input.dimension(3) / scale;
    long columns = input.dimension(4) / scale;
    double latents = (double) rows * columns;
    double bytes =
        input.dimension(0)
            * latents
            * Math.max(
                (double) WIDTHS * width * PIXELS_PER_LATENT * Float.BYTES,
                holdsScores ? BYTES_PER_SCORE * latents : 0);
    if (bytes >= machine.getAsLong()) {
      throw new InsufficientMemoryException(
          "stage "
              + stage.id()
              + ": "
              + rows
              + "x"
              + columns
              + " latents need at least "
              + mebibytes(bytes)
              + " MiB, this machine has "
              + mebibytes(machine.getAsLong())
              + " MiB in all; ask for a smaller image, or use tiles");
    }
  }

  private static long mebibytes(double bytes) {
    return (long) (bytes / (1 << 20));
  }
}
