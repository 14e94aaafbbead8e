package dev.showo2.backend.djl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.showo2.backend.djl.TinyRun.Recorder;
import dev.showo2.export.ExportListener;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.checkpoint.Checkpoints;
import dev.showo2.train.recipe.Training;
import dev.showo2.train.recipe.TrainingConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run of stage one that is killed and resumed, compared with one that is not. */
class ResumedRunTest {

  private static final String CONFIG =
      """
      model: model
      folder: NAME
      train: stage-one
      rate: 1e-3
      steps: 14
      threads: 1
      accumulate: 2
      checkpoints: {every: 7, keep: 2}
      data:
        latent-cache: latents
        loaders:
          - {rows-of: text-to-image, format: folder, path: images, length: 64, rows: 2}
          - {rows-of: caption, format: folder, path: images, length: 64}
      """;

  /** Of losses, relative, and of weights: sums in another order, over seven updates. */
  private static final double LOSSES = 1e-5;

  private static final float WEIGHTS = 2e-5f;

  @TempDir private static Path folder;
  private static List<Map<String, Double>> whole;

  @BeforeAll
  static void trainAsAWhole() throws IOException {
    TinyRun.makeFiles(folder);
    Recorder recorder = new Recorder();
    Training.start(config("whole"), recorder, ExportListener.NONE);
    whole = recorder.losses();
  }

  private static TrainingConfig config(String name) {
    return TrainingConfig.parse(CONFIG.replace("NAME", name), name, folder);
  }

  /** Kills a run in its eighth step. */
  private static List<Map<String, Double>> resumed(String name, int threads) throws IOException {
    Recorder first = new Recorder(8);
    TrainingConfig config = config(name);
    assertThrows(
        IllegalStateException.class, () -> Training.start(config, first, ExportListener.NONE));
    Path copy = folder.resolve(name + "/config.yaml");
    Files.writeString(copy, Files.readString(copy).replace("threads: 1", "threads: " + threads));
    Recorder second = new Recorder();
    Training.resume(folder.resolve(name), second, ExportListener.NONE);
    List<Map<String, Double>> losses = new ArrayList<>(first.losses().subList(0, 7));
    losses.addAll(second.losses());
    return losses;
  }

  @Test
  void onAsManyThreadsItIsTheSameToTheBit() throws IOException {
    assertEquals(whole, resumed("same", 1));
    String weights = "/result/pytorch_model.safetensors";
    assertEquals(
        -1, Files.mismatch(folder.resolve("whole" + weights), folder.resolve("same" + weights)));
  }

  @Test
  void onMoreThreadsItDiffersByRounding() throws IOException {
    List<Map<String, Double>> losses = resumed("more", 2);
    assertEquals(whole.size(), losses.size());
    for (int step = 0; step < losses.size(); step++) {
      for (String name : losses.get(step).keySet()) {
        double expected = whole.get(step).get(name);
        assertEquals(expected, losses.get(step).get(name), LOSSES * expected, name + " " + step);
      }
    }
    try (CheckpointWeights expected = Checkpoints.open(folder.resolve("whole/result"));
        CheckpointWeights actual = Checkpoints.open(folder.resolve("more/result"))) {
      for (String name : expected.names()) {
        assertArrayEquals(
            expected.readFloats(name).values(), actual.readFloats(name).values(), WEIGHTS, name);
      }
    }
  }
}
