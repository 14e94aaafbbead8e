package dev.showo2.export.synthetic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.export.checkpoint.TinyArchitecture;
import dev.showo2.model.Architecture;
import dev.showo2.tensor.ElementType;
import dev.showo2.testing.ArchitectureBuilder;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** In a process whose heap holds a quarter of the checkpoint, and no single one of its matrices. */
class SyntheticMemoryTest {

  private static final int HEAP_MEBIBYTES = 24;
  private static final long PATIENCE_SECONDS = 120;

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource
  void doesNotGrowWithTheModel(CheckpointFormat format) throws Exception {
    Path checkpoint = folder.resolve("checkpoint");
    Path output = folder.resolve("output.txt");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + HEAP_MEBIBYTES + "m",
                "-cp",
                System.getProperty("java.class.path"),
                SyntheticMemoryTest.class.getName(),
                checkpoint.toString(),
                format.name())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "it ends");
      assertEquals(0, process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
    } finally {
      process.destroyForcibly();
    }
    File model = checkpoint.resolve(format.modelFile("")).toFile();
    assertTrue(model.length() > 4L * HEAP_MEBIBYTES << 20, () -> model + ": " + model.length());
  }

  /** The process. */
  public static void main(String[] args) throws IOException {
    Architecture wide =
        ArchitectureBuilder.from(TinyArchitecture.TIED)
            .backbone(64, 1, 8, 2, 8, 1 << 18, 508, true)
            .build();
    SyntheticCheckpoint.write(
        Path.of(args[0]),
        SyntheticRequest.of(wide, 1)
            .withType(ElementType.BFLOAT16)
            .withFormat(CheckpointFormat.valueOf(args[1])));
  }
}
