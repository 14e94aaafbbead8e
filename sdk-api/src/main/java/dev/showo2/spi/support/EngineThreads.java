package dev.showo2.spi.support;

import dev.showo2.spi.BackendConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.apiguardian.api.API;

/** The number of threads that an engine is told, if it is told any. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class EngineThreads {

  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

  private EngineThreads() {}

  /**
   * Returns the number that the configuration names; else the JVM's limit of processors, such as
   * that of a container or {@code -XX:ActiveProcessorCount}, of which engines know nothing.
   *
   * @param config of the backend
   * @return at least 1; empty where nothing is named and the JVM may use all processors, so that
   *     the engine chooses best
   */
  public static OptionalInt of(BackendConfig config) {
    return config.threads().isPresent()
        ? config.threads()
        : limit(Runtime.getRuntime().availableProcessors(), PROCESSORS);
  }

  /**
   * @param available to the JVM
   * @param processors Linux's list of them; where there is none, the limit is what is available
   */
  static OptionalInt limit(int available, Path processors) {
    try (Stream<String> lines = Files.lines(processors)) {
      long all = lines.filter(line -> line.startsWith("processor")).count();
      return all > 0 && available >= all ? OptionalInt.empty() : OptionalInt.of(available);
    } catch (IOException | RuntimeException e) {
      return OptionalInt.of(available);
    }
  }
}
