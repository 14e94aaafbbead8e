package dev.showo2.samples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.showo2.demo.model.DemoCheckpoint;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.checkpoint.Checkpoints;
import dev.showo2.media.ImageDecoder;
import dev.showo2.model.Bundle;
import dev.showo2.samples.testing.TestCache;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests of the command that trains the demo model. */
class TrainDemoCommandTest {

  private static final String WEIGHT = "showo.model.layers.0.mlp.up_proj.weight";

  @TempDir private Path folder;

  @Test
  void aFewStepsFromNothingLowerBothLossesAndTheResultDraws() throws IOException {
    Path out = folder.resolve("run");
    Cli.Result result = Cli.run("train-demo", "--out", out, "--steps", 6, "--threads", 1, "--json");
    assertEquals(0, result.code(), result.err());
    assertEquals("", result.err());
    JsonObject json = JsonParser.parseString(result.out()).getAsJsonObject();
    assertEquals(6, json.get("steps").getAsInt());
    assertEquals(3, json.get("compared").getAsInt());
    for (String loss : List.of("next_token", "flow")) {
      JsonObject course = json.getAsJsonObject(loss);
      double first = course.get("first").getAsDouble();
      double last = course.get("last").getAsDouble();
      assertTrue(last < 0.97 * first, loss + ": " + first + " to " + last);
    }

    BufferedImage image = ImageDecoder.read(out.resolve("image.png"));
    assertEquals(64, image.getWidth());
    Bundle bundle = Bundle.open(out.resolve("bundle"));
    assertEquals(Bundle.open(TestCache.bundle()).architecture(), bundle.architecture());
    assertTrue(Files.exists(out.resolve("curves.png")));

    Path shipped = Files.createDirectory(folder.resolve("shipped"));
    DemoCheckpoint.copyTo(shipped);
    try (CheckpointWeights trained = Checkpoints.open(out.resolve("checkpoint"));
        CheckpointWeights start = Checkpoints.open(out.resolve("start"));
        CheckpointWeights demo = Checkpoints.open(shipped)) {
      assertEquals(start.names(), trained.names());
      float[] weights = trained.readFloats(WEIGHT).values();
      assertTrue(!Arrays.equals(start.readFloats(WEIGHT).values(), weights));
      assertTrue(
          !Arrays.equals(demo.readFloats(WEIGHT).values(), start.readFloats(WEIGHT).values()));
    }
  }

  @Test
  void timeEndsARunThatGoesOnWithMore() throws IOException {
    Path out = folder.resolve("run");
    assertEquals(
        0, Cli.run("train-demo", "--out", out, "--minutes", "0.0001", "--threads", 1).code());
    assertTrue(Files.exists(out.resolve("image.png")));
    Cli.Result again =
        Cli.run("train-demo", "--out", out, "--minutes", "0.0001", "--threads", 1, "--resume");
    assertEquals(0, again.code(), again.err());
    assertTrue(again.out().contains("Trained 2 steps: " + out), again.out());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--steps: at least 1 is needed, found 0 | --steps 0",
        "--minutes: more than 0 and at most | --minutes 0",
        "--minutes: more than 0 and at most | --minutes NaN",
        "mutually exclusive | --minutes 1 --steps 1",
        "--threads: at least 1 is needed, found 0 | --threads 0",
        "--out: no run in | --resume"
      })
  void refusesWhatCannotBe(String expected, String options) {
    Path out = folder.resolve("run");
    List<Object> args = new ArrayList<>(List.of("train-demo", "--out", out));
    args.addAll(List.of(options.split(" ")));
    Cli.Result result = Cli.run(args.toArray());
    assertEquals(2, result.code(), result.err());
    assertTrue(result.err().contains(expected), result.err());
    assertTrue(Files.notExists(out));
  }

  @Test
  void refusesAFolderWithFiles() throws IOException {
    Files.writeString(folder.resolve("file"), "");
    Cli.Result result = Cli.run("train-demo", "--out", folder);
    assertEquals(2, result.code());
    assertTrue(result.err().contains("holds files already"), result.err());
  }
}
