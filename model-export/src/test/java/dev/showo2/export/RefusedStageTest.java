package dev.showo2.export;

import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.export.checkpoint.TestCheckpoint;
import dev.showo2.export.checkpoint.TinyArchitecture;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A stage that is off though none of its layers seems to be: a layer loses what it computes beside
 * an outlier, which its own large bias hides, and the next layer takes the bias away again.
 */
class RefusedStageTest {

  private static final String MLP = "und_trans.layers.1.mlp.";
  private static final int WIDTH = TinyArchitecture.TIED.semantic().hiddenSize();
  private static final int INNER = TinyArchitecture.TIED.semantic().feedForwardSize();
  private static final int CHANNEL = 5;
  private static final float LARGE = 100;

  @TempDir Path folder;

  @Test
  void isRefusedBeforeAnythingIsWritten() throws IOException {
    TestCheckpoint checkpoint =
        TestCheckpoint.tiny()
            .change(MLP + "fc1.bias", RefusedStageTest::withOutlier)
            .change(MLP + "fc2.weight", RefusedStageTest::withoutOutlier)
            .change(MLP + "fc2.bias", bias -> filled(bias.length, LARGE))
            .change("fusion_proj.0.weight", gains -> filled(gains.length, 1))
            .change("fusion_proj.1.weight", RefusedStageTest::blindToBias);
    ExportListener noWriting =
        new ExportListener() {
          @Override
          public void phase(String what) {
            assertFalse(what.startsWith("writing"), what);
          }
        };
    Leftovers.assertRefused(
        UnsupportedFeatureException.class,
        ExportRequest.of(checkpoint.write(folder.resolve("checkpoint")), folder.resolve("bundle"))
            .withPrecision(ExportPrecision.parse("fusion=int8")),
        noWriting,
        "stage fusion in int8 is off by 0.",
        " more than the 0.15 that are allowed; choose a higher precision for this part");
  }

  private static float[] filled(int length, float value) {
    float[] values = new float[length];
    Arrays.fill(values, value);
    return values;
  }

  private static float[] withOutlier(float[] bias) {
    float[] changed = bias.clone();
    changed[CHANNEL] = LARGE;
    return changed;
  }

  /** Takes little of the outlier and much of all others. */
  private static float[] withoutOutlier(float[] weights) {
    float[] changed = weights.clone();
    for (int i = 0; i < changed.length; i++) {
      changed[i] *= i % INNER == CHANNEL ? 0x1p-7f : 0x1p6f;
    }
    return changed;
  }

  /** What is the same in all semantic channels adds up to nothing. */
  private static float[] blindToBias(float[] weights) {
    float[] changed = weights.clone();
    int columns = WIDTH + TinyArchitecture.TIED.backbone().hiddenSize();
    for (int row = 0; row < changed.length; row += columns) {
      float mean = 0;
      for (int i = row; i < row + WIDTH; i++) {
        mean += changed[i] / WIDTH;
      }
      for (int i = row; i < row + WIDTH; i++) {
        changed[i] = (changed[i] - mean) * LARGE;
      }
    }
    return changed;
  }
}
