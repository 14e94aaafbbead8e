package dev.showo2.export.synthetic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.InvalidModelException;
import dev.showo2.export.ExportListener;
import dev.showo2.export.ExportRequest;
import dev.showo2.export.ExportSummary;
import dev.showo2.export.ModelExporter;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.checkpoint.Checkpoints;
import dev.showo2.export.checkpoint.TinyArchitecture;
import dev.showo2.export.internal.architecture.ModelKeys;
import dev.showo2.export.internal.architecture.VaeKeys;
import dev.showo2.export.internal.write.CheckpointFiles;
import dev.showo2.model.Architecture;
import dev.showo2.model.Bundle;
import dev.showo2.model.internal.JsonFields;
import dev.showo2.model.internal.Sha256;
import dev.showo2.tensor.Shape;
import dev.showo2.testing.ArchitectureBuilder;
import dev.showo2.testing.TinyTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyntheticCheckpointTest {

  private static final String INDEX = "model.safetensors.index.json";

  @TempDir Path folder;
  private Path tokenizer;

  @BeforeEach
  void writeTokenizer(@TempDir Path other) throws IOException {
    tokenizer = TinyTokenizer.write(other);
  }

  @Test
  void theSameRequestGivesTheSameBytes() throws IOException {
    Map<String, String> first = hashes(write("a", TinyArchitecture.TIED, 1));
    assertEquals(
        List.of(
            "arch.json", "config.json", "model.safetensors", "tokenizer.json", "vae.safetensors"),
        List.copyOf(first.keySet()));
    assertEquals(first, hashes(write("b", TinyArchitecture.TIED, 1)));
    Map<String, String> other = hashes(write("c", TinyArchitecture.TIED, 2));
    assertNotEquals(first.get("model.safetensors"), other.get("model.safetensors"));
    assertNotEquals(first.get("vae.safetensors"), other.get("vae.safetensors"));
  }

  /** Not only from run to run: files made elsewhere and years later have these bytes too. */
  @Test
  void theValuesOfASeedNeverChange() {
    SyntheticWeights.SplitMix random = new SyntheticWeights.SplitMix(42, "vae.conv1.weight");
    assertEquals(List.of(0.8295064f, 0.3672428f), List.of(random.nextFloat(), random.nextFloat()));
  }

  @Test
  void everyWeightIsThereAndDoesSomething() throws IOException {
    for (Architecture architecture : List.of(TinyArchitecture.TIED, TinyArchitecture.UNTIED)) {
      Path checkpoint = write("of" + architecture.backbone().hiddenSize(), architecture, 3);
      assertWeights(checkpoint, ModelKeys.all(architecture));
      assertWeights(checkpoint.resolve("vae.safetensors"), VaeKeys.of(architecture.vae()));
    }
  }

  private static void assertWeights(Path path, Map<String, Shape> expected) {
    try (CheckpointWeights weights = Checkpoints.open(path)) {
      assertEquals(expected.keySet(), weights.names());
      expected.forEach(
          (key, shape) -> {
            assertEquals(shape, weights.shape(key), key);
            float[] values = weights.readFloats(key).values();
            boolean gain = key.endsWith(".gamma") || key.endsWith("norm.weight");
            for (float value : values) {
              assertTrue(Math.abs(value) < 2, () -> key + " has " + value);
              assertTrue(!gain || value > 0.5, () -> key + " has " + value);
            }
            assertTrue(values.length == 1 || values[0] != values[1], () -> key + " is constant");
          });
    }
  }

  /** A layer gives values about as large as those that it gets. */
  @Test
  void layersKeepTheSizeOfTheirInput() throws IOException {
    SyntheticWeights weights = new SyntheticWeights(Map.of("l.weight", Shape.of(64, 100)), 5);
    double squares = 0;
    for (float value : weights.readFloats("l.weight").values()) {
      squares += value * value;
    }
    assertEquals(1, squares / 64, 0.05, "100 inputs of variance 1 add up to");
  }

  @Test
  void twoTensorsAreNeverAlike() {
    Shape shape = Shape.of(4, 4);
    SyntheticWeights weights =
        new SyntheticWeights(Map.of("a.0.weight", shape, "a.1.weight", shape), 1);
    assertNotEquals(weights.readFloats("a.0.weight"), weights.readFloats("a.1.weight"));
  }

  @Test
  void exports() throws IOException {
    Architecture narrowHeads = withHeadSize(TinyArchitecture.UNTIED, 4);
    for (Architecture architecture :
        List.of(TinyArchitecture.TIED, TinyArchitecture.UNTIED, narrowHeads)) {
      String name = "of" + architecture.hashCode();
      Path bundle = folder.resolve(name + "-bundle");
      ExportSummary summary =
          ModelExporter.export(
              ExportRequest.of(write(name, architecture, 4), bundle), ExportListener.NONE);
      assertEquals(List.of(), summary.ignoredKeys());
      assertEquals(architecture, Bundle.open(bundle).architecture());
    }
  }

  private static Architecture withHeadSize(Architecture sizes, int headSize) {
    Architecture.Decoder old = sizes.backbone();
    return ArchitectureBuilder.from(sizes)
        .backbone(
            old.hiddenSize(),
            old.layers(),
            old.heads(),
            old.keyValueHeads(),
            headSize,
            old.feedForwardSize(),
            old.vocabularySize(),
            old.tiedEmbeddings())
        .build();
  }

  @Test
  void largeModelsAreSplit() throws IOException {
    Path whole = write("whole", TinyArchitecture.UNTIED, 6);
    Path split = folder.resolve("split");
    SyntheticCheckpoint.write(
        split, SyntheticRequest.of(TinyArchitecture.UNTIED, 6, tokenizer).withShardBytes(90_000));
    List<String> shards = new ArrayList<>(hashes(split).keySet());
    shards.removeIf(name -> !name.matches("model-\\d{5}-of-\\d{5}\\.safetensors"));
    assertEquals("model-00001-of-0000" + shards.size() + ".safetensors", shards.get(0));
    assertTrue(shards.size() > 3, shards::toString);
    assertTrue(!Files.exists(split.resolve("model.safetensors")));
    for (String shard : shards.subList(2, shards.size())) {
      assertTrue(Files.size(split.resolve(shard)) < 90_000 + 10_000, "values and a header");
    }
    try (CheckpointWeights one = Checkpoints.open(whole);
        CheckpointWeights many = Checkpoints.open(split)) {
      assertEquals(one.names(), many.names());
      long bytes = 0;
      for (String key : one.names()) {
        assertEquals(one.readFloats(key), many.readFloats(key), key);
        bytes += 4 * one.shape(key).elementCount();
      }
      JsonFields index = JsonFields.parse(Files.readString(split.resolve(INDEX)), INDEX);
      assertEquals(bytes, index.object("metadata").longInteger("total_size", 0, Long.MAX_VALUE));
      assertEquals(
          new LinkedHashSet<>(shards),
          new LinkedHashSet<>(
              one.names().stream().map(index.object("weight_map")::string).toList()));
    }
  }

  /** A tensor that is larger than a file may be has a file of its own. */
  @Test
  void aLargeTensorIsNotSplit() {
    Map<String, Shape> shapes = new TreeMap<>();
    shapes.put("a", Shape.of(1));
    shapes.put("b", Shape.of(100));
    shapes.put("c", Shape.of(1));
    CheckpointFiles.Shards shards =
        CheckpointFiles.Shards.of(
            CheckpointFormat.SAFETENSORS::modelFile, new SyntheticWeights(shapes, 1), 8);
    assertEquals(
        List.of(List.of("a"), List.of("b"), List.of("c")),
        shards.files().values().stream()
            .map(file -> file.stream().map(tensor -> tensor.name()).toList())
            .toList());
    assertThrows(
        IllegalArgumentException.class,
        () -> SyntheticRequest.of(TinyArchitecture.TIED, 1).withShardBytes(0));
  }

  @Test
  void refusesSizesThatMakeNoModel() {
    Architecture odd = withHeadSize(TinyArchitecture.UNTIED, 3);
    String message =
        assertThrows(
                InvalidModelException.class,
                () ->
                    SyntheticCheckpoint.write(
                        folder.resolve("odd"), SyntheticRequest.of(odd, 1, tokenizer)))
            .getMessage();
    assertTrue(message.contains("the backbone has heads of 3, an even size is needed"), message);
    assertTrue(!Files.exists(folder.resolve("odd")));
  }

  private Path write(String name, Architecture architecture, long seed) throws IOException {
    Path checkpoint = folder.resolve(name);
    SyntheticCheckpoint.write(checkpoint, SyntheticRequest.of(architecture, seed, tokenizer));
    return checkpoint;
  }

  private static Map<String, String> hashes(Path checkpoint) throws IOException {
    Map<String, String> hashes = new TreeMap<>();
    try (Stream<Path> files = Files.list(checkpoint)) {
      for (Path file : files.toList()) {
        hashes.put(file.getFileName().toString(), Sha256.of(Files.readAllBytes(file)));
      }
    }
    return hashes;
  }
}
