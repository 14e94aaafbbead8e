package dev.showo2.backend.djl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.showo2.conformance.FixtureModels;
import dev.showo2.error.InvalidModelException;
import dev.showo2.model.Architecture;
import dev.showo2.model.Bundle;
import dev.showo2.model.SafetensorsFile;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.support.BackendLifetime;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Weights of a bundle as arrays. */
@ExtendWith(ExportedFixtures.class)
class DjlWeightsTest {

  private static final String NORM = "showo.model.norm.weight";

  @TempDir private Path folder;

  private NDManager manager;
  private Bundle bundle;

  @BeforeEach
  void copy(FixtureModels models) throws IOException {
    manager = DjlEngine.get().newBaseManager();
    Path source = models.bundle("tiny-a").directory();
    try (Stream<Path> files = Files.walk(source)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Path target = folder.resolve(source.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
    bundle = Bundle.open(folder);
  }

  @AfterEach
  void close() {
    manager.close();
  }

  private DjlWeights open() {
    return DjlWeights.open(bundle, manager, (key, weight) -> weight, LinearLayers.FP32);
  }

  private Path fileOf(String key) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".safetensors"))
          .filter(
              file -> {
                try (SafetensorsFile opened = SafetensorsFile.open(file)) {
                  return opened.tensors().containsKey(key);
                }
              })
          .findFirst()
          .orElseThrow();
    }
  }

  /** What is written to the file shows in the array: its pages are the file's. */
  @Test
  void floatsAreNotCopied() throws IOException {
    Architecture.Decoder sizes = bundle.architecture().backbone();
    NDArray norm;
    try (DjlWeights weights = open()) {
      norm = weights.array(NORM, sizes.hiddenSize());
    }
    Path file = fileOf(NORM);
    long offset;
    try (SafetensorsFile opened = SafetensorsFile.open(file)) {
      offset = opened.tensor(NORM).offset();
      assertArrayEquals(opened.readFloats(NORM).values(), norm.toFloatArray());
    }
    ByteBuffer value = ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    value.putFloat(0, 42);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(value, offset);
    }
    assertEquals(42, norm.toFloatArray()[0]);
  }

  @Test
  void tiedMatricesAreOneArray() {
    Architecture.Decoder sizes = bundle.architecture().backbone();
    try (DjlWeights weights = open()) {
      String key = "showo.model.embed_tokens.weight";
      assertSame(
          weights.array(key, sizes.vocabularySize(), sizes.hiddenSize()),
          weights.array(key, sizes.vocabularySize(), sizes.hiddenSize()));
    }
  }

  /** PyTorch's kernels may take for granted that floats begin at multiples of four bytes. */
  @Test
  void unalignedFloatsAreCopied() throws IOException {
    Path file = fileOf(NORM);
    byte[] old = Files.readAllBytes(file);
    ByteBuffer header = ByteBuffer.wrap(old).order(ByteOrder.LITTLE_ENDIAN);
    int length = (int) header.getLong();
    ByteBuffer longer = ByteBuffer.allocate(old.length + 1).order(ByteOrder.LITTLE_ENDIAN);
    longer.putLong(length + 1).put(old, 8, length).put((byte) ' ');
    longer.put(old, 8 + length, old.length - 8 - length);
    Files.write(file, longer.array());
    try (DjlWeights weights = open();
        SafetensorsFile opened = SafetensorsFile.open(file)) {
      assertTrue(opened.tensor(NORM).offset() % 4 != 0);
      float[] expected = opened.readFloats(NORM).values();
      assertArrayEquals(expected, weights.array(NORM, expected.length).toFloatArray());
    }
  }

  @Test
  void sameWeightInTwoFilesIsRefused() throws IOException {
    Path norm = fileOf(NORM);
    Path other = fileOf("fusion_proj.1.weight");
    Files.copy(norm, other, StandardCopyOption.REPLACE_EXISTING);
    String message = assertThrows(InvalidModelException.class, this::open).getMessage();
    assertTrue(message.contains("is both in"), message);
  }

  /** All linear layers have them in bfloat16 alone. */
  @Test
  void weightsOfLinearLayersAreNotKeptTwice() {
    Map<String, NDArray> loaded = new HashMap<>();
    DjlBackend.Variation noting =
        new DjlBackend.Variation(
            bundle.architecture(),
            (key, weight) -> {
              loaded.put(key, weight);
              return weight;
            },
            DjlFormulas.SPEC);
    try (DjlBackend backend =
        DjlBackend.open(
            bundle,
            noting,
            DjlOptions.of(BackendConfig.builder().option("compute", "bf16").build()))) {
      Set<String> kept = new TreeSet<>();
      loaded.forEach(
          (key, weight) -> {
            if (key.endsWith("_proj.weight") && !weight.isReleased()) {
              kept.add(key);
            }
          });
      assertEquals(Set.of(), kept);
      assertTrue(loaded.containsKey("showo.model.layers.0.mlp.gate_proj.weight"));
      assertTrue(backend.arrays() > 0);
    }
  }

  /** DJL makes a copy of such an array, and leaves it to the manager. */
  @Test
  void readingLeavesNoArrayBehind() {
    BackendLifetime lifetime = new BackendLifetime("test");
    NDArray transposed =
        manager.create(new float[] {1, 2, 3, 4, 5, 6}, new Shape(2, 3)).transpose();
    try (DjlTensor tensor = new DjlTensor(new DjlCalls(lifetime, 1), transposed)) {
      int before = manager.getManagedArrays().size();
      assertArrayEquals(new float[] {1, 4, 2, 5, 3, 6}, tensor.toHost().values());
      assertArrayEquals(new float[] {1, 4, 2, 5, 3, 6}, tensor.toHost().values());
      assertEquals(before, manager.getManagedArrays().size());
    } finally {
      lifetime.close(() -> {});
    }
  }

  @Test
  void missingWeightIsNamed() {
    try (DjlWeights weights = open()) {
      String message =
          assertThrows(InvalidModelException.class, () -> weights.array("showo.nothing", 2))
              .getMessage();
      assertTrue(message.contains("'showo.nothing'"), message);
      assertTrue(message.contains("export the checkpoint again"), message);
    }
  }

  @Test
  void anotherShapeIsRefused() {
    try (DjlWeights weights = open()) {
      String message =
          assertThrows(InvalidModelException.class, () -> weights.array(NORM, 7)).getMessage();
      assertTrue(message.contains("should be [7], found"), message);
    }
  }
}
