package dev.showo2.backend.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.showo2.backend.onnx.DecodingProcess.Report;
import dev.showo2.backend.onnx.ExportedModels.Models;
import dev.showo2.model.Bundle;
import dev.showo2.model.GraphFile;
import dev.showo2.tiling.Tiling.Use;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Images of 1024x1024 pixels, whose attention needs 2 GiB where the graph holds its scores. Memory
 * cannot be told apart within one process, nor limited, so each decoding has one of its own: some
 * 20 seconds.
 */
@EnabledOnOs(OS.LINUX)
@ExtendWith(ExportedModels.class)
class TilingMemoryTest {

  private static final int SIDE = 128;
  private static final String HEAP = "256m";
  private static final String TOLD = "too little memory for the VAE on [1, 16, 1, 128, 128]";

  @Test
  void tilesNeedLessAndAreChosenWhereMemoryRunsOut(Models models, TestReporter reporter)
      throws IOException, InterruptedException {
    assumeTrue(
        VaeMemoryLimit.ofThisMachine().orElseThrow() > 6L << 30, "too small a machine to compare");
    Bundle bundle = models.bundle("demo");
    Report whole = portable(bundle, Use.NEVER, 0);
    Report tiled = portable(bundle, Use.ALWAYS, 0);
    Report withoutScores = DecodingProcess.run(bundle, GraphFile.ORT, SIDE, Use.NEVER, HEAP, 0);
    reporter.publishEntry(
        "most memory",
        (whole.residentKib() >> 10)
            + " MiB in one piece, "
            + (withoutScores.residentKib() >> 10)
            + " MiB where scores are not held, "
            + (tiled.residentKib() >> 10)
            + " MiB in tiles");
    assertTrue(
        3 * tiled.residentKib() < whole.residentKib(),
        tiled.residentKib() + " KiB in tiles, " + whole.residentKib() + " in one piece");
    assertTrue(
        3 * withoutScores.residentKib() < whole.residentKib(),
        withoutScores.residentKib() + " KiB without scores, " + whole.residentKib() + " with them");

    long limit = tiled.virtualKib() + (whole.virtualKib() - tiled.virtualKib()) / 3;
    AssertionError refused =
        assertThrows(AssertionError.class, () -> portable(bundle, Use.NEVER, limit));
    assertTrue(refused.getMessage().contains("InsufficientMemoryException"), refused.getMessage());
    Report automatic = portable(bundle, Use.AUTOMATIC, limit);
    assertTrue(automatic.log().contains(TOLD), automatic.log());
    assertEquals(tiled.pixels(), automatic.pixels());
  }

  private static Report portable(Bundle bundle, Use use, long limitKib)
      throws IOException, InterruptedException {
    return DecodingProcess.run(bundle, GraphFile.PORTABLE, SIDE, use, HEAP, limitKib);
  }

  @Test
  void aHeapWithoutRoomForThePixelsIsLackOfMemoryToo(Models models) {
    Bundle bundle = models.bundle("demo");
    AssertionError refused =
        assertThrows(
            AssertionError.class,
            () -> DecodingProcess.run(bundle, GraphFile.ORT, 96, Use.NEVER, "16m", 0));
    assertTrue(
        refused
            .getMessage()
            .contains(
                "InsufficientMemoryException: the heap has no room for a tensor of shape"
                    + " [1, 3, 1, 768, 768], 6 MiB"),
        refused.getMessage());
  }
}
