package dev.showo2.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import dev.showo2.export.checkpoint.SeededValues;
import dev.showo2.export.checkpoint.TestCheckpoint;
import dev.showo2.export.checkpoint.TinyArchitecture;
import dev.showo2.export.internal.architecture.VaeKeys;
import dev.showo2.export.internal.graph.GraphKeys;
import dev.showo2.model.Bundle;
import dev.showo2.model.BundleFile;
import dev.showo2.model.SafetensorsFile;
import dev.showo2.model.StagePrecisions;
import dev.showo2.model.internal.Sha256;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ModelExporterTest {

  @TempDir Path folder;

  private final TestCheckpoint tiny = TestCheckpoint.tiny();

  @Test
  void writesABundleThatOpens() throws IOException {
    tiny.model().put("ema.decay", Shape.of(1));
    ExportSummary summary = export(tiny);
    Bundle bundle = Bundle.open(summary.bundle());
    assertEquals(TinyArchitecture.TIED, bundle.architecture());
    assertEquals("checkpoint", bundle.manifest().name());
    assertEquals(StagePrecisions.FP32, bundle.manifest().precision());
    assertEquals(22, bundle.manifest().graphs().size(), "13, and 9 for ONNX Runtime");
    assertEquals(50, bundle.manifest().defaults().steps(), "as released");
    assertEquals(List.of("ema.decay"), summary.ignoredKeys(), "the tied head is not left out");
    assertEquals(Optional.empty(), summary.checkedBy(), "there is no backend in this module");
    assertEquals(Set.of(), summary.checkedStages());
    assertEquals(List.of("bundle", "checkpoint"), Leftovers.names(folder));
  }

  @Test
  void summarizesAllFiles() throws IOException {
    ExportSummary summary = export(tiny);
    long total = 0;
    List<String> names = new ArrayList<>();
    for (BundleFile file : summary.files()) {
      Path path = summary.bundle().resolve(file.name());
      assertEquals(Files.size(path), file.size());
      assertEquals(Sha256.of(path), file.sha256());
      total += file.size();
      names.add(file.name());
    }
    assertEquals(Leftovers.names(summary.bundle()), names.stream().sorted().toList());
    assertEquals(total, summary.totalBytes());
  }

  @Test
  void takesDefaultSettingsFromArchJson() throws IOException {
    tiny.arch().add("inference", new JsonObject());
    tiny.arch().getAsJsonObject("inference").addProperty("num_inference_steps", 7);
    tiny.arch().getAsJsonObject("inference").addProperty("guidance_scale", 2.5);
    Bundle bundle = Bundle.open(export(tiny).bundle());
    assertEquals(7, bundle.manifest().defaults().steps());
    assertEquals(2.5f, bundle.manifest().defaults().guidanceScale());
    assertEquals("euler", bundle.manifest().defaults().solver());
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT64", "FLOAT32", "FLOAT16", "BFLOAT16"})
  void keepsEveryValueOfEveryType(ElementType type) throws IOException {
    Map<String, float[]> weights = weights(export(tiny.type(type)).bundle());
    Map<String, Shape> expected = new HashMap<>(tiny.model());
    expected.putAll(tiny.vae());
    expected.forEach(
        (key, shape) ->
            assertArrayEquals(
                SeededValues.of(key, shape), weights.remove(key), "values of " + key));
    weights.keySet().removeIf(name -> name.endsWith(".image"));
    assertEquals(Set.of(), weights.keySet(), "nothing else is written");
  }

  @Test
  void imageKernelsAreTheLastTimeSlice() throws IOException {
    Map<String, float[]> weights = weights(export(tiny).bundle());
    int kernels = 0;
    for (Map.Entry<String, Shape> entry : VaeKeys.of(TinyArchitecture.TIED.vae()).entrySet()) {
      String key = entry.getKey();
      if (entry.getValue().toString().endsWith(", 3, 3, 3]")) {
        float[] whole = weights.get(key);
        float[] image = weights.get(GraphKeys.imageKernel(key));
        assertEquals(whole.length / 3, image.length);
        for (int i = 0; i < image.length; i += 9) {
          assertArrayEquals(
              Arrays.copyOfRange(whole, 3 * i + 18, 3 * i + 27),
              Arrays.copyOfRange(image, i, i + 9),
              key);
        }
        kernels++;
      }
    }
    assertTrue(kernels > 20, "found " + kernels);
  }

  @Test
  void givesTheSameBytesEveryTime() throws IOException {
    ExportSummary first = export(tiny);
    ExportSummary second =
        ModelExporter.export(
            ExportRequest.of(folder.resolve("checkpoint"), folder.resolve("again")),
            ExportListener.NONE);
    assertEquals(first.files(), second.files());
    assertEquals(Bundle.open(first.bundle()).hash(), Bundle.open(second.bundle()).hash());
  }

  @Test
  void findsVaeAndTokenizerElsewhere() throws IOException {
    Path checkpoint = tiny.write(folder.resolve("checkpoint"));
    Path vae = Files.move(checkpoint.resolve("vae.pth"), folder.resolve("other.bin"));
    Path tokenizer = Files.move(checkpoint.resolve("tokenizer.json"), folder.resolve("text.json"));
    Path bundle = Files.createDirectory(folder.resolve("bundle"));
    ModelExporter.export(
        ExportRequest.of(checkpoint, bundle, Optional.of(vae), Optional.of(tokenizer)),
        ExportListener.NONE);
    assertEquals("checkpoint", Bundle.open(bundle).manifest().name());
  }

  @Test
  void reportsProgressUpToTheTotal() throws IOException {
    List<String> phases = new ArrayList<>();
    List<Long> progress = new ArrayList<>();
    ModelExporter.export(
        ExportRequest.of(tiny.write(folder.resolve("checkpoint")), folder.resolve("bundle")),
        new ExportListener() {
          @Override
          public void phase(String what) {
            phases.add(what);
          }

          @Override
          public void progress(long done, long total) {
            progress.add(done);
            assertTrue(done <= total);
            progress.add(total);
          }
        });
    assertTrue(phases.get(0).startsWith("reading "), phases::toString);
    assertTrue(phases.contains("writing backbone.safetensors"), phases::toString);
    assertTrue(phases.get(phases.size() - 1).startsWith("not checking stages"), phases::toString);
    int last = progress.size() - 1;
    assertEquals(progress.get(last), progress.get(last - 1), "it ends at the total");
  }

  private ExportSummary export(TestCheckpoint checkpoint) throws IOException {
    return ModelExporter.export(
        ExportRequest.of(checkpoint.write(folder.resolve("checkpoint")), folder.resolve("bundle")),
        ExportListener.NONE);
  }

  private static Map<String, float[]> weights(Path bundle) throws IOException {
    Map<String, float[]> weights = new HashMap<>();
    for (String name : Leftovers.names(bundle)) {
      if (name.endsWith(".safetensors")) {
        try (SafetensorsFile file = SafetensorsFile.open(bundle.resolve(name))) {
          for (String key : file.tensors().keySet()) {
            assertEquals(ElementType.FLOAT32, file.tensor(key).type());
            HostTensor tensor = file.readFloats(key);
            weights.put(key, tensor.values());
          }
        }
      }
    }
    return weights;
  }
}
