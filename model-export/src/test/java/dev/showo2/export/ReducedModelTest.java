package dev.showo2.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.export.checkpoint.SeededValues;
import dev.showo2.export.checkpoint.TestCheckpoint;
import dev.showo2.export.internal.architecture.ShapeOnlyWeights;
import dev.showo2.model.Architecture;
import dev.showo2.model.Bundle;
import dev.showo2.model.SafetensorsFile;
import dev.showo2.stage.TokenGrid;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import dev.showo2.testing.ArchitectureBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The 7B model with all 910 keys and all its layers and heads, only narrower; likewise its VAE. */
class ReducedModelTest {

  /** Widths that follow from each other do so here too: 112 = 28·4, 64 = 32·2, 144 = 32 + 112. */
  private static final Map<Long, Long> MODEL =
      Map.ofEntries(
          Map.entry(151_669L, 508L),
          Map.entry(3584L, 112L),
          Map.entry(512L, 16L),
          Map.entry(18_944L, 40L),
          Map.entry(1152L, 32L),
          Map.entry(4304L, 36L),
          Map.entry(4736L, 144L),
          Map.entry(2048L, 64L),
          Map.entry(8192L, 48L),
          Map.entry(12_288L, 384L),
          Map.entry(4096L, 128L));

  private static final Map<Long, Long> VAE =
      Map.of(96L, 4L, 192L, 8L, 384L, 16L, 768L, 32L, 1152L, 48L);

  private static final Architecture SIZES =
      new ArchitectureBuilder()
          .backbone(112, 28, 28, 4, 4, 40, 508, false)
          .semantic(32, 26, 16, 36, 729)
          .flowHead(64, 10, 32, 8, 2, 48)
          .grids(new TokenGrid(27, 27), new TokenGrid(27, 27), new TokenGrid(14, 14))
          .build();

  @TempDir Path folder;

  @Test
  void exportsAllKeysOfTheShards() throws IOException {
    TestCheckpoint checkpoint = TestCheckpoint.of(SIZES).type(ElementType.BFLOAT16);
    reduce("show-o2-7B", MODEL, checkpoint.model());
    reduce("Wan2.1_VAE", VAE, checkpoint.vae());
    assertEquals(910, checkpoint.model().size());
    assertEquals(194, checkpoint.vae().size());
    Path files = checkpoint.write(folder.resolve("show-o2-7B"));
    checkpoint.rewriteModel(
        files,
        "diffusion_pytorch_model.bin.index.json",
        "pytorch_model-00001-of-00004.bin",
        "pytorch_model-00002-of-00004.bin",
        "pytorch_model-00003-of-00004.bin",
        "pytorch_model-00004-of-00004.bin");

    ExportSummary summary =
        ModelExporter.exportUnchecked(
            ExportRequest.of(files, folder.resolve("bundle")), ExportListener.NONE);

    Bundle bundle = Bundle.open(summary.bundle());
    assertEquals(SIZES, bundle.architecture());
    assertTrue(bundle.architecture().projectsHidden());
    assertEquals(List.of(), summary.ignoredKeys());
    int found = 0;
    for (String part : new String[] {"text", "backbone", "fusion", "flow_head"}) {
      found += assertValues(summary.bundle().resolve(part + ".safetensors"), checkpoint.model());
    }
    assertEquals(910, found);
    assertEquals(194, assertValues(summary.bundle().resolve("vae.safetensors"), checkpoint.vae()));
  }

  private static int assertValues(Path file, Map<String, Shape> keys) {
    try (SafetensorsFile weights = SafetensorsFile.open(file)) {
      for (String key : weights.tensors().keySet()) {
        Shape shape = keys.get(key);
        assertEquals(shape, weights.tensor(key).shape(), key);
        assertArrayEquals(SeededValues.of(key, shape), weights.readFloats(key).values(), key);
      }
      return weights.tensors().size();
    }
  }

  /** Replaces keys made from the sizes by those of the released list, in its order. */
  private static void reduce(String list, Map<Long, Long> widths, Map<String, Shape> keys) {
    keys.clear();
    ShapeOnlyWeights.released(list)
        .forEach(
            (key, shape) ->
                keys.put(
                    key,
                    key.matches(".*\\.[qk]_norm\\.weight")
                        ? Shape.of(2)
                        : Shape.of(
                            Arrays.stream(shape.toArray())
                                .map(size -> widths.getOrDefault(size, size))
                                .toArray())));
  }
}
