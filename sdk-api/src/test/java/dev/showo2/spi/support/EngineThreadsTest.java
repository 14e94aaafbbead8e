package dev.showo2.spi.support;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.showo2.spi.BackendConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineThreadsTest {

  /** As in a container, of whose limit the engine knows nothing. */
  @Test
  void limitOfTheJvmReachesTheEngine(@TempDir Path folder) throws IOException {
    Path four =
        Files.writeString(folder.resolve("cpuinfo"), "processor\t: 0\nflags\t: fpu\n".repeat(4));
    assertEquals(OptionalInt.of(1), EngineThreads.limit(1, four));
    assertEquals(OptionalInt.of(3), EngineThreads.limit(3, four));
    assertEquals(OptionalInt.empty(), EngineThreads.limit(4, four), "the engine chooses best");
    assertEquals(OptionalInt.of(3), EngineThreads.limit(3, folder.resolve("absent")));
  }

  @Test
  void numberOfTheConfigurationIsTaken() {
    BackendConfig seven = BackendConfig.builder().threads(7).build();
    assertEquals(OptionalInt.of(7), EngineThreads.of(seven));
  }
}
