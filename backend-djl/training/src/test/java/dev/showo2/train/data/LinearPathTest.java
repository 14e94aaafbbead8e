package dev.showo2.train.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.showo2.model.SafetensorsFile;
import dev.showo2.sampler.TorchRandom;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Compares noise, times and latents with those of the official transport. {@code draws.json} has
 * the first and last values of each image of the runs of the reference, and the seed from which
 * PyTorch 2.7.1 drew them: one stream through all batches of a run.
 */
class LinearPathTest {

  @TestFactory
  Stream<DynamicTest> aSeedGivesTheOfficialDraws() throws Exception {
    List<DynamicTest> tests = new ArrayList<>();
    try (Reader reader =
        new InputStreamReader(
            LinearPathTest.class.getResourceAsStream("draws.json"), StandardCharsets.UTF_8)) {
      for (JsonElement element : JsonParser.parseReader(reader).getAsJsonArray()) {
        JsonObject run = element.getAsJsonObject();
        tests.add(DynamicTest.dynamicTest(run.get("run").getAsString(), () -> compare(run)));
      }
    }
    assertEquals(7, tests.size());
    return tests.stream();
  }

  private static void compare(JsonObject run) {
    TorchRandom random = new TorchRandom(run.get("seed").getAsLong());
    LinearPath path = new LinearPath(run.get("tokens").getAsInt());
    int last = run.get("values").getAsInt() - 1;
    for (JsonElement element : run.getAsJsonArray("images")) {
      JsonObject image = element.getAsJsonObject();
      float[] data = new float[last + 1];
      data[0] = floats(image, "data")[0];
      data[last] = floats(image, "data")[1];
      boolean clean = image.get("t").getAsFloat() == 1;
      LinearPath.Point point = path.draw(data, clean, random);
      assertEquals(image.get("t").getAsFloat(), point.time(), 1e-7f, "t");
      float[] noise = floats(image, "noise");
      assertArrayEquals(
          noise,
          new float[] {data[0] - point.target()[0], data[last] - point.target()[last]},
          5e-7f,
          "noise");
      assertArrayEquals(
          floats(image, "x_t"),
          new float[] {point.latents()[0], point.latents()[last]},
          1e-6f,
          "x_t");
      assertArrayEquals(
          floats(image, "target"),
          new float[] {point.target()[0], point.target()[last]},
          5e-7f,
          "target");
    }
  }

  private static float[] floats(JsonObject image, String name) {
    return new float[] {
      image.getAsJsonArray(name).get(0).getAsFloat(), image.getAsJsonArray(name).get(1).getAsFloat()
    };
  }

  @ParameterizedTest
  @ValueSource(ints = {256, 730, 4097})
  void timesAreShiftedAsTheGoldensSay(int tokens, @TempDir Path folder) {
    Path file =
        ReferenceTokenizer.resource(
            "/dev/showo2/fixtures/tiny-a/goldens/training_time_shift.safetensors", folder);
    try (SafetensorsFile goldens = SafetensorsFile.open(file)) {
      float[] times = goldens.readFloats("t").values();
      float[] shifted = goldens.readFloats("shifted_" + tokens).values();
      for (int i = 0; i < times.length; i++) {
        assertEquals(shifted[i], new LinearPath(tokens).shifted(times[i]), "t = " + times[i]);
      }
    }
  }

  @Test
  void cleanImagesTakeTheirDrawsAndAreData() {
    TorchRandom one = new TorchRandom(3);
    TorchRandom other = new TorchRandom(3);
    float[] data = new float[32];
    data[5] = -0.25f;
    LinearPath.Point clean = new LinearPath(17).draw(data, true, one);
    new LinearPath(17).draw(data, false, other);
    assertEquals(1, clean.time());
    assertArrayEquals(data, clean.latents());
    assertArrayEquals(one.normals(40), other.normals(40));
  }
}
