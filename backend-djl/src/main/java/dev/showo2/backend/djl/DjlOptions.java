package dev.showo2.backend.djl;

import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.Device;
import dev.showo2.spi.support.EngineThreads;
import dev.showo2.spi.support.OptionReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The options that {@link DjlBackendProvider} documents, checked.
 *
 * @param threads that were asked for
 * @param limit those or, if the JVM may not use all processors, as many as it may
 * @param bf16 whether linear layers take bfloat16
 */
record DjlOptions(
    Device device, OptionalInt threads, OptionalInt limit, boolean bf16, Duration shutdownGrace) {

  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

  /** How Linux names the instructions, on x86 and Arm. */
  private static final Set<String> BF16_INSTRUCTIONS = Set.of("avx512_bf16", "amx_bf16", "bf16");

  static DjlOptions of(BackendConfig config) {
    return of(config, PROCESSORS);
  }

  /**
   * @param processors Linux's list of them
   */
  static DjlOptions of(BackendConfig config, Path processors) {
    OptionReader reader = new OptionReader(DjlBackendProvider.ID, config);
    Device device = reader.device(Device.CPU, DjlDevices.CUDA);
    boolean pays = !device.equals(Device.CPU) || hasBf16Instructions(processors);
    boolean bf16 =
        reader.choice("compute", "fp32", Map.of("fp32", false, "bf16", true, "auto", pays));
    reader.refuseOthers();
    return new DjlOptions(
        device, config.threads(), EngineThreads.of(config), bf16, config.shutdownGrace());
  }

  /** Where nothing says so, they are not taken to be there. */
  private static boolean hasBf16Instructions(Path processors) {
    try (Stream<String> lines = Files.lines(processors)) {
      return lines
          .filter(line -> line.startsWith("flags") || line.startsWith("Features"))
          .findFirst()
          .map(flags -> Stream.of(flags.split("\\s+")).anyMatch(BF16_INSTRUCTIONS::contains))
          .orElse(false);
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }
}
