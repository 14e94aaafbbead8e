package dev.showo2.backend.onnx;

import com.sun.management.OperatingSystemMXBean;
import dev.showo2.error.InsufficientMemoryException;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.Shape;
import java.lang.management.ManagementFactory;
import java.util.OptionalLong;

/**
 * The memory that attention in the middle of the VAE needs, in which every latent attends to all
 * (SPEC 1). Images for which the machine is too small are refused beforehand: a system that
 * promises more memory than it has would end the process, once the engine writes to it.
 *
 * @param machine bytes of memory and swap in all; if unknown, nothing is refused
 */
record AttentionMemory(OptionalLong machine) {

  /** The engine holds the weights of attention twice, before and after softmax. */
  private static final double BYTES_PER_WEIGHT = 2.0 * Float.BYTES;

  /** Of the device of the options: of a GPU it is unknown. */
  static AttentionMemory of(OnnxOptions options) {
    return options.cuda().isPresent() ? new AttentionMemory(OptionalLong.empty()) : ofThisMachine();
  }

  /**
   * The memory and swap of this machine, or of its container where that has a limit; unknown to
   * runtimes without the JDK's management module.
   */
  static AttentionMemory ofThisMachine() {
    try {
      return new AttentionMemory(
          ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
              ? OptionalLong.of(system.getTotalMemorySize() + system.getTotalSwapSpaceSize())
              : OptionalLong.empty());
    } catch (LinkageError e) {
      return new AttentionMemory(OptionalLong.empty());
    }
  }

  /**
   * @param input [B, C, F, H, W]; other shapes are left to the engine to refuse
   * @param scale positions of the input along one latent
   * @throws InsufficientMemoryException if the machine is too small
   */
  void requireFor(Stage stage, Shape input, int scale) {
    if (machine.isEmpty() || input.rank() != 5) {
      return;
    }
    long height = input.dimension(3) / scale;
    long width = input.dimension(4) / scale;
    double latents = (double) height * width;
    double bytes = BYTES_PER_WEIGHT * input.dimension(0) * latents * latents;
    if (bytes >= machine.getAsLong()) {
      throw new InsufficientMemoryException(
          "stage "
              + stage.id()
              + ": attention over "
              + height
              + "x"
              + width
              + " latents needs "
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
