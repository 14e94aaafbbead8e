package dev.showo2.backend.tensorrt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.showo2.export.ExportListener;
import dev.showo2.export.ExportRequest;
import dev.showo2.export.ModelExporter;
import dev.showo2.export.synthetic.SyntheticCheckpoint;
import dev.showo2.export.synthetic.SyntheticModels;
import dev.showo2.export.synthetic.SyntheticRequest;
import dev.showo2.model.Bundle;
import dev.showo2.spi.Backend;
import dev.showo2.spi.BackendConfig;
import dev.showo2.stage.TimeEmbeddingRequest;
import dev.showo2.stage.TimeFeatures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Engines that take the weights of another bundle. */
class RefitTest {

  @TempDir Path folder;

  @Test
  void anEngineOfTheSameArchitectureIsNotBuiltAnew() throws IOException {
    Bundle first = bundle(1);
    Bundle second = bundle(2);
    float[] expected = time(second, "own", false);
    assertFalse(Arrays.equals(expected, time(first, "shared", true)));
    long plans = plans("shared");
    assertArrayEquals(expected, time(second, "shared", true));
    assertEquals(plans, plans("shared"));
  }

  private Bundle bundle(long seed) throws IOException {
    Path checkpoint = folder.resolve("checkpoint-" + seed);
    SyntheticCheckpoint.write(
        checkpoint, SyntheticRequest.of(SyntheticModels.architecture("tiny").orElseThrow(), seed));
    Path bundle = folder.resolve("bundle-" + seed);
    ModelExporter.exportUnchecked(ExportRequest.of(checkpoint, bundle), ExportListener.NONE);
    return Bundle.open(bundle);
  }

  private float[] time(Bundle bundle, String cache, boolean refit) {
    BackendConfig config =
        EmulatedConformanceTest.emulated().toBuilder()
            .cacheDirectory(folder.resolve(cache))
            .option("refit", "" + refit)
            .build();
    try (Backend backend = new EmulatedProvider().open(bundle, config);
        TimeFeatures features =
            backend.timeEmbedding().embed(TimeEmbeddingRequest.repeated(0.3f, 1))) {
      return features.vector().toHost().values();
    }
  }

  private long plans(String cache) throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve(cache))) {
      return files.filter(file -> file.toString().endsWith(".plan")).count();
    }
  }
}
