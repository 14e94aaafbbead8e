package dev.showo2.backend.djl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import dev.showo2.conformance.FixtureModels;
import dev.showo2.error.InvalidModelException;
import dev.showo2.model.Architecture;
import dev.showo2.model.Bundle;
import dev.showo2.model.SafetensorsFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
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
    return DjlWeights.open(bundle, manager, (key, weight) -> weight, Optional.empty());
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

  @Test
  void arraysAreFloatsWhateverTheFileHas() {
    try (DjlWeights weights = open()) {
      assertEquals(
          DataType.FLOAT32,
          weights.array(NORM, bundle.architecture().backbone().hiddenSize()).getDataType());
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
