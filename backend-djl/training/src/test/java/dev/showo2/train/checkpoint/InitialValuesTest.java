package dev.showo2.train.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.export.ExportListener;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.checkpoint.Checkpoints;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests of drawn weights, compared with what the official constructor draws. */
class InitialValuesTest {

  /** Below this many values a distribution cannot be told by its largest. */
  private static final int MANY = 1000;

  @TempDir private Path temporary;

  private int written;

  /** Moments and range of the values of a weight. */
  private record Summary(int count, double mean, double deviation, double least, double most) {

    static Summary of(float[] values) {
      double sum = 0;
      double squares = 0;
      double least = Double.POSITIVE_INFINITY;
      double most = Double.NEGATIVE_INFINITY;
      for (float value : values) {
        sum += value;
        least = Math.min(least, value);
        most = Math.max(most, value);
      }
      double mean = sum / values.length;
      for (float value : values) {
        squares += (value - mean) * (value - mean);
      }
      return new Summary(values.length, mean, Math.sqrt(squares / values.length), least, most);
    }

    boolean normal() {
      return Math.max(most, -least) > 2.2 * deviation;
    }
  }

  @Test
  void haveTheDistributionsOfTheOfficialConstructor() throws IOException {
    Map<String, Summary> official = official();
    try (CheckpointWeights drawn = Checkpoints.open(write(7))) {
      assertEquals(official.keySet(), new TreeSet<>(drawn.names()));
      for (Map.Entry<String, Summary> entry : official.entrySet()) {
        Summary expected = entry.getValue();
        Summary found = Summary.of(drawn.readFloats(entry.getKey()).values());
        String what = entry.getKey() + ": " + found + ", the official " + expected;
        assertEquals(expected.count(), found.count(), what);
        // Five deviations of a mean, or of a deviation, over so many values.
        double tolerance = 5 * expected.deviation() * Math.sqrt(2.0 / expected.count());
        assertEquals(expected.mean(), found.mean(), tolerance, what);
        assertEquals(expected.deviation(), found.deviation(), tolerance, what);
        if (expected.count() >= MANY && expected.deviation() > 0) {
          assertEquals(expected.normal(), found.normal(), what);
          if (!expected.normal()) {
            assertEquals(expected.most(), found.most(), 0.02 * expected.most(), what);
            assertEquals(expected.least(), found.least(), -0.02 * expected.least(), what);
          }
        }
      }
    }
  }

  @Test
  void dependOnTheSeedAlone() throws IOException {
    Path first = write(7);
    Path again = write(7);
    Path other = write(8);
    for (String file : List.of("pytorch_model.safetensors", "config.json", "Wan2.1_VAE.pth")) {
      assertEquals(-1, Files.mismatch(first.resolve(file), again.resolve(file)), file);
    }
    try (CheckpointWeights one = Checkpoints.open(first);
        CheckpointWeights two = Checkpoints.open(other)) {
      for (String name : List.of("fusion_proj.1.weight", "fusion_proj.1.bias")) {
        assertFalse(
            Arrays.equals(one.readFloats(name).values(), two.readFloats(name).values()), name);
      }
      assertArrayEquals(
          one.readFloats("showo.model.norm.weight").values(),
          two.readFloats("showo.model.norm.weight").values());
    }
  }

  /** Layers of one shape get values of their own. */
  @Test
  void differFromLayerToLayer() throws IOException {
    try (CheckpointWeights drawn = Checkpoints.open(write(7))) {
      assertFalse(
          Arrays.equals(
              drawn.readFloats("diffusion_head_a.0.self_attn.q_proj.weight").values(),
              drawn.readFloats("diffusion_head_a.1.self_attn.q_proj.weight").values()));
    }
  }

  /** The first values, so that no change of this code or of the machine goes unseen. */
  @Test
  void areTheSameOnEveryMachine() throws IOException {
    try (CheckpointWeights drawn = Checkpoints.open(write(7))) {
      assertArrayEquals(
          new float[] {-0.04842232f, 0.05555535f, -0.032021552f},
          Arrays.copyOf(drawn.readFloats("fusion_proj.1.weight").values(), 3));
      assertArrayEquals(
          new float[] {0.04219936f, -0.005946841f, 0.034157936f},
          Arrays.copyOf(drawn.readFloats("showo.model.embed_tokens.weight").values(), 3));
    }
  }

  private Path write(long seed) throws IOException {
    Path tiny = temporary.resolve("tiny-a");
    if (Files.notExists(tiny)) {
      TinyCheckpoint.TINY_A.copyTo(temporary);
    }
    Path folder = temporary.resolve("initial-" + written++);
    InitialCheckpoint.write(folder, InitialRequest.like(tiny, seed), ExportListener.NONE);
    return folder;
  }

  private static Map<String, Summary> official() throws IOException {
    Map<String, Summary> summaries = new LinkedHashMap<>();
    try (InputStream in = InitialValuesTest.class.getResourceAsStream("initial-values.txt")) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      for (String line : text.lines().filter(line -> !line.startsWith("#")).toList()) {
        String[] words = line.split(" ");
        double[] numbers = Arrays.stream(words).skip(1).mapToDouble(Double::parseDouble).toArray();
        summaries.put(
            words[0],
            new Summary((int) numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]));
      }
    }
    assertTrue(summaries.size() > 100);
    return summaries;
  }
}
