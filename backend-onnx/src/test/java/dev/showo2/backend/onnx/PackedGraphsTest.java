package dev.showo2.backend.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.backend.onnx.ExportedModels.Models;
import dev.showo2.backend.onnx.OnnxOptions.IntegerProducts;
import dev.showo2.model.Bundle;
import dev.showo2.natives.internal.CacheLocks;
import dev.showo2.spi.BackendConfig;
import dev.showo2.stage.FusionRequest;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Weights on disk as kernels want them, of an int8 bundle all of whose graphs count as large. */
@ExtendWith(ExportedModels.class)
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class PackedGraphsTest {

  private static final OnnxOptions.UsableSpace EMPTY_DISK = folder -> 1L << 40;

  @TempDir Path cache;
  private Bundle bundle;

  @BeforeEach
  void setUp(Models models) {
    bundle = models.bundle("tiny-a", "int8");
  }

  private static HostTensor fuse(
      Bundle bundle, Path cache, long limitMib, OnnxOptions.UsableSpace space) {
    OnnxOptions options =
        OnnxOptions.of(
            BackendConfig.builder()
                .cacheDirectory(cache)
                .option("background-opening", "false")
                .option("packed-weights-mib", Long.toString(limitMib))
                .build(),
            IntegerProducts.exact(),
            1,
            space);
    try (OpenBackend open = new OpenBackend(bundle, OnnxBackend.open(bundle, options), null);
        Tensor latents = open.uploadRandom(1, 1, 16, 1, 8, 8);
        Tensor tokens = open.backend().fusion().fuse(FusionRequest.of(latents))) {
      return tokens.toHost();
    }
  }

  private HostTensor fromBundle() {
    return fuse(bundle, cache, 0, EMPTY_DISK);
  }

  private HostTensor packed() {
    return fuse(bundle, cache, 1024, EMPTY_DISK);
  }

  private Path folder() {
    return cache.resolve(PackedGraphs.FOLDER);
  }

  private List<Path> files(String ending) throws IOException {
    if (!Files.exists(folder())) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder())) {
      return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    }
  }

  /** What identifies the files, which are exchanged and never written over. */
  private Set<Object> written() throws IOException {
    List<Object> keys = new ArrayList<>();
    for (Path file : files(".weights")) {
      keys.add(file + " " + Files.getAttribute(file, "lastModifiedTime"));
    }
    return keys.stream().collect(Collectors.toSet());
  }

  @Test
  void theyComputeTheSameToTheBit() throws IOException {
    HostTensor expected = fromBundle();
    assertEquals(List.of(), files(""));
    assertEquals(expected, packed());
    Set<Object> first = written();
    assertEquals(6, first.size());
    assertEquals(6, files(".graph").size());
    assertEquals(expected, packed());
    assertEquals(first, written());
  }

  @Test
  void whatWasCutOffOrChangedIsWrittenAgain() throws IOException {
    HostTensor expected = packed();
    List<byte[]> before = new ArrayList<>();
    for (Path file : files(".weights")) {
      byte[] bytes = Files.readAllBytes(file);
      before.add(bytes.clone());
      if (before.size() % 3 == 0) {
        Files.write(file, new byte[bytes.length / 2]);
      } else if (before.size() % 3 == 1) {
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
      } else {
        Files.delete(file);
      }
    }
    assertEquals(expected, packed());
    List<Path> after = files(".weights");
    for (int i = 0; i < before.size(); i++) {
      assertArrayEquals(before.get(i), Files.readAllBytes(after.get(i)));
    }
  }

  @Test
  void entriesOfAnotherFolderAreWrittenAgain() throws IOException {
    HostTensor expected = packed();
    for (Path file : files(".graph")) {
      byte[] bytes = Files.readAllBytes(file);
      bytes[20] ^= 1;
      Files.write(file, bytes);
    }
    Set<Object> before = written();
    assertEquals(expected, packed());
    assertNotEquals(before, written());
  }

  @Test
  void changedWeightsAreOtherEntries(@TempDir Path folder) throws IOException {
    Path copy = Files.createDirectory(folder.resolve("copy"));
    try (Stream<Path> files = Files.list(bundle.directory())) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    Bundle changed = Bundle.open(copy);
    HostTensor expected = fuse(changed, cache, 1024, EMPTY_DISK);
    assertEquals(6, files(".graph").size());
    Files.setLastModifiedTime(
        copy.resolve("fusion.safetensors"), FileTime.from(Instant.parse("2026-01-01T00:00:00Z")));
    assertEquals(expected, fuse(changed, cache, 1024, EMPTY_DISK));
    assertEquals(7, files(".graph").size());
  }

  @Test
  void aDiskWithoutRoomIsLeftAlone() throws IOException {
    HostTensor expected = fromBundle();
    assertEquals(expected, fuse(bundle, cache, 1024, folder -> 1000));
    assertEquals(List.of(), files(".weights"));
    assertEquals(List.of(), files(".graph"));
  }

  @Test
  void aDiskThatFailsIsDoneWithout() throws IOException {
    HostTensor expected = fromBundle();
    assertEquals(
        expected,
        fuse(
            bundle,
            cache,
            1024,
            folder -> {
              throw new IOException("No space left on device");
            }));
    assertEquals(List.of(), files(".graph"));
    Path file = Files.writeString(cache.resolve("file"), "no folder");
    assertEquals(expected, fuse(bundle, file, 1024, EMPTY_DISK));
  }

  @Test
  void whatKilledWritersLeftIsDeleted() throws IOException {
    HostTensor expected = packed();
    String key = files(".graph").get(0).getFileName().toString().replace(".graph", "");
    Path left = Files.createDirectory(folder().resolve(".build-" + key + "-1"));
    Files.writeString(left.resolve("graph"), "half");
    Files.delete(files(".graph").get(0));
    Path orphan = Files.writeString(folder().resolve("ab.weights"), "half");
    assertEquals(expected, packed());
    assertFalse(Files.exists(left));
    assertFalse(Files.exists(orphan));
    assertEquals(6, files(".graph").size());
  }

  @Test
  void aGraphThatIsBeingWrittenIsOpenedFromTheBundle() throws IOException {
    HostTensor expected = packed();
    Path entry = files(".graph").get(0);
    String key = entry.getFileName().toString().replace(".graph", "");
    Files.delete(entry);
    try (CacheLocks locks = CacheLocks.open(folder())) {
      CacheLocks.Held writing = locks.tryAcquire("build " + key, false).orElseThrow();
      try (writing) {
        assertEquals(expected, packed());
        assertFalse(Files.exists(entry));
      }
    }
    assertEquals(expected, packed());
    assertTrue(Files.exists(entry));
  }

  @Test
  void manyWriteThemOnce() throws IOException, ExecutionException, InterruptedException {
    HostTensor expected = fromBundle();
    List<FutureTask<HostTensor>> openings = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      openings.add(new FutureTask<>(this::packed));
    }
    openings.forEach(each -> new Thread(each).start());
    for (FutureTask<HostTensor> each : openings) {
      assertEquals(expected, each.get());
    }
    assertEquals(6, files(".graph").size());
    assertEquals(6, files(".weights").size());
  }
}
