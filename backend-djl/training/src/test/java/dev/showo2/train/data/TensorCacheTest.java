package dev.showo2.train.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.testing.Messages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tensors on disk, intact and damaged. */
class TensorCacheTest {

  private static final String KEY = "0123abcd";
  private static final List<HostTensor> TENSORS =
      List.of(
          new HostTensor(Shape.of(1, 2, 3), new float[] {1, -2, 0.5f, 4, Float.NaN, 6}),
          new HostTensor(Shape.of(2), new float[] {7, 8}));

  @TempDir private Path folder;

  @Test
  void whatIsPutIsThereAfterReopening() {
    TensorCache cache = TensorCache.open(folder.resolve("a/b"));
    assertEquals(0, cache.bytes());
    assertEquals(Optional.empty(), cache.get(KEY));
    cache.put(KEY, TENSORS);
    cache.put(KEY, TENSORS);
    long bytes = cache.bytes();
    TensorCache reopened = TensorCache.open(folder.resolve("a/b"));
    assertEquals(bytes, reopened.bytes());
    assertEquals(TENSORS, reopened.get(KEY).orElseThrow());
  }

  @Test
  void damagedFilesCountAsAbsentAndAreReplaced() throws IOException {
    TensorCache cache = TensorCache.open(folder);
    cache.put(KEY, TENSORS);
    Path file = folder.resolve("01").resolve(KEY + ".tensors");
    byte[] whole = Files.readAllBytes(file);
    for (int i = 0; i < whole.length; i++) {
      byte[] flipped = whole.clone();
      flipped[i] ^= 0x10;
      Files.write(file, flipped);
      assertEquals(Optional.empty(), cache.get(KEY), "byte " + i);
      Files.write(file, Arrays.copyOf(whole, i));
      assertEquals(Optional.empty(), cache.get(KEY), "cut at " + i);
    }
    byte[] noise = new byte[500];
    new Random(1).nextBytes(noise);
    Files.write(file, noise);
    assertEquals(Optional.empty(), cache.get(KEY));
    cache.put(KEY, TENSORS);
    assertEquals(TENSORS, cache.get(KEY).orElseThrow());
    try (Stream<Path> files = Files.list(folder.resolve("01"))) {
      assertEquals(List.of(file), files.toList(), "nothing temporary is left");
    }
  }

  @Test
  void aFolderThatCannotBeUsedIsNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    Messages.assertFails(
        InvalidRequestException.class, () -> TensorCache.open(file), "as cache", file.toString());
    TensorCache cache = TensorCache.open(folder.resolve("c"));
    Files.writeString(folder.resolve("c/01"), "in the way");
    Messages.assertFails(
        InvalidRequestException.class, () -> cache.put(KEY, TENSORS), "bytes to the cache");
    assertTrue(cache.get(KEY).isEmpty());
  }
}
