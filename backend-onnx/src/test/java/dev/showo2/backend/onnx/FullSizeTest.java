package dev.showo2.backend.onnx;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.export.synthetic.SyntheticCheckpoint;
import dev.showo2.export.synthetic.SyntheticModels;
import dev.showo2.export.synthetic.SyntheticRequest;
import dev.showo2.tensor.ElementType;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The table of full-size figures in the exporter's README: a synthetic checkpoint of 1.5B is
 * exported and used. Takes 20 GB of disk, 16 GB of memory and many minutes.
 */
@Tag("measurement")
@EnabledOnOs(OS.LINUX)
class FullSizeTest {

  @TempDir static Path folder;

  private static Path checkpoint;

  @BeforeAll
  static void makeUp() throws IOException {
    checkpoint = folder.resolve("show-o2-1.5b");
    SyntheticCheckpoint.write(
        checkpoint,
        SyntheticRequest.of(SyntheticModels.architecture("1.5b").orElseThrow(), 1)
            .withType(ElementType.BFLOAT16));
  }

  @ParameterizedTest
  @ValueSource(strings = {"int8", "int4", "fp32"})
  void isExportedInBoundedMemoryAndRuns(
      String precision, @TempDir Path target, TestReporter reporter)
      throws IOException, InterruptedException {
    Path bundle = target.resolve(precision);
    String exported =
        FullSizeProcess.run("export", checkpoint.toString(), bundle.toString(), precision);
    reporter.publishEntry(precision + ", export", exported);
    String used = FullSizeProcess.run("run", bundle.toString());
    reporter.publishEntry(precision + ", use", used);
    assertTrue(used.contains("10 tokens"), used);
  }
}
