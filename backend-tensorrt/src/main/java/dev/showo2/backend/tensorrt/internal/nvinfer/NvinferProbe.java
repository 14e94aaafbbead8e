package dev.showo2.backend.tensorrt.internal.nvinfer;

import dev.showo2.spi.Availability;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * Finds out whether TensorRT can be used, from the bottom up: the driver, a GPU, a builder. Nothing
 * else may be called before, since TensorRT ends the process where it lacks a driver.
 */
final class NvinferProbe {

  /** The first driver for CUDA 13, for which JavaCPP's artifacts are made. */
  static final String DRIVER = "580";

  private static final int DRIVER_TOO_OLD = 35;
  private static final int NO_DEVICE = 100;

  private final Supplier<CudaCalls> cuda;
  private final Supplier<BuilderCalls> builder;

  /** Asks libraries that the suppliers or their first calls load. */
  NvinferProbe(Supplier<CudaCalls> cuda, Supplier<BuilderCalls> builder) {
    this.cuda = cuda;
    this.builder = builder;
  }

  Availability probe() {
    String system = System.getProperty("os.name") + " on " + System.getProperty("os.arch");
    String lower = system.toLowerCase(Locale.ROOT);
    if (!lower.startsWith("linux")
        || !(lower.endsWith(" amd64") || lower.endsWith(" x86_64") || JavacppArtifacts.isArm())) {
      return Availability.unusable(
          "this backend runs TensorRT on Linux on x86-64 or 64-bit Arm, found " + system);
    }
    try {
      String reason = findDevice(cuda.get());
      if (reason == null) {
        reason = tryBuilder(builder.get());
      }
      return reason == null ? Availability.usable() : Availability.unusable(reason);
    } catch (LinkageError | RuntimeException e) {
      return Availability.unusable(LoadFailure.explain(e));
    }
  }

  private static String findDevice(CudaCalls calls) {
    int[] count = new int[1];
    int code = calls.deviceCount(count);
    if (code == DRIVER_TOO_OLD) {
      return "NVIDIA's driver is too old for CUDA 13: install " + DRIVER + " or newer";
    }
    if (code == NO_DEVICE || code == 0 && count[0] < 1) {
      return "there is no CUDA device: NVIDIA's driver is installed but finds no GPU";
    }
    if (code != 0) {
      String error = calls.describe(code);
      calls.clearError();
      return "counting GPUs failed: " + error + " (CUDA error " + code + ")";
    }
    code = calls.setDevice(0);
    return code == 0 ? null : "GPU 0 cannot be used: " + calls.describe(code);
  }

  private static String tryBuilder(BuilderCalls calls) {
    calls.parserVersion();
    long made = calls.createBuilder();
    if (made == 0) {
      return "TensorRT makes no builder: " + calls.messages();
    }
    calls.destroy(made);
    return null;
  }
}
