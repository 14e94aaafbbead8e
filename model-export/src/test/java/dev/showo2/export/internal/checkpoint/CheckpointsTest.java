package dev.showo2.export.internal.checkpoint;

import static dev.showo2.export.internal.checkpoint.CheckpointRefusals.assertRefused;
import static dev.showo2.export.internal.checkpoint.CheckpointRefusals.assertSays;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.CancelledException;
import dev.showo2.error.InvalidModelException;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.checkpoint.Checkpoints;
import dev.showo2.export.internal.torch.TorchFileBuilder;
import dev.showo2.model.SafetensorsFile;
import dev.showo2.model.SafetensorsWriter;
import dev.showo2.model.SafetensorsWriter.TensorDeclaration;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointsTest {

  @TempDir Path folder;

  @Test
  void recognizesFilesByTheirContents() throws IOException {
    assertEquals(Set.of("a"), names(torch("vae.pth", "a")));
    assertEquals(Set.of("b"), names(safetensors("weights.bin", "b")));
  }

  @Test
  void prefersSafetensorsInAFolder() throws IOException {
    torch("pytorch_model.bin", "torch");
    assertEquals(Set.of("torch"), names(folder));
    safetensors("model.safetensors", "safe");
    assertEquals(Set.of("safe"), names(folder));
  }

  @Test
  void readsSafetensors() throws IOException {
    try (CheckpointWeights weights = Checkpoints.open(safetensors("model.safetensors", "a"))) {
      assertEquals(ElementType.FLOAT32, weights.type("a"));
      assertEquals(Shape.of(2), weights.shape("a"));
      assertEquals("a", weights.sharedWith("a"));
      assertArrayEquals(new float[] {1, 2}, weights.readFloats("a").values());
    }
    assertRefused(
        Files.write(folder.resolve("x.safetensors"), new byte[] {9, 0, 0, 0, 0, 0, 0, 0, '{', '}'}),
        "its header claims 9 bytes");
  }

  @Test
  void readsArchivesOfOtherZipWriters() throws IOException {
    Path repacked = folder.resolve("repacked.bin");
    try (ZipFile zip = new ZipFile(torch("model.bin", "a").toFile());
        ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(repacked))) {
      for (ZipEntry entry : Collections.list(zip.entries())) {
        ZipEntry stored = new ZipEntry(entry.getName());
        stored.setMethod(ZipEntry.STORED);
        stored.setSize(entry.getSize());
        stored.setCrc(entry.getCrc());
        out.putNextEntry(stored);
        zip.getInputStream(entry).transferTo(out);
      }
    }
    try (CheckpointWeights weights = Checkpoints.open(repacked)) {
      assertArrayEquals(new float[] {1, 2}, weights.readFloats("a").values());
    }
  }

  @Test
  void saysThatAFileWasClosed() throws IOException {
    for (Path file : List.of(torch("model.bin", "a"), safetensors("model.safetensors", "a"))) {
      CheckpointWeights weights = Checkpoints.open(file);
      weights.close();
      weights.close();
      Exception e = assertThrows(IllegalStateException.class, () -> weights.readFloats("a"));
      assertSays(e, file.toString(), "was closed");
    }
  }

  @Test
  void endsTheReadingOfAnInterruptedThread() throws IOException {
    for (Path file : List.of(torch("model.bin", "a"), safetensors("model.safetensors", "a"))) {
      try (CheckpointWeights weights = Checkpoints.open(file)) {
        Thread.currentThread().interrupt();
        assertThrows(CancelledException.class, () -> weights.readFloats("a"));
      } finally {
        assertTrue(Thread.interrupted(), "the interrupt stays visible to the caller");
      }
    }
  }

  @Test
  void saysWhatAFolderShouldHold() {
    assertRefused(folder, "no checkpoint in", "pytorch_model.bin", "model.safetensors.index.json");
  }

  @Test
  void saysThatAFileIsMissing() {
    assertRefused(folder.resolve("none.bin"), "no checkpoint file at");
  }

  @Test
  void tellsHowToConvertTheOldTorchFormat() throws IOException {
    ByteBuffer old = ByteBuffer.allocate(40).putLong(0x80028a0a6cfc9c46L).putLong(0xf920L << 48);
    assertRefused(
        Files.write(folder.resolve("old.bin"), old.array()),
        "torch format from before 1.6",
        "80 02 8a 0a 6c fc 9c 46",
        "save it again in the zip format with torch.save");
  }

  @Test
  void explainsWhatIsNoCheckpointAtAll() throws IOException {
    for (String text : List.of("", "PK", "<!doctype html>")) {
      assertRefused(
          Files.writeString(folder.resolve("cut.bin"), text),
          "is neither a torch checkpoint in the zip format (starts with 'PK') nor a safetensors"
              + " file; was it downloaded completely?");
    }
    String pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n";
    assertRefused(
        Files.writeString(folder.resolve("lfs.bin"), pointer),
        "lfs.bin is a Git LFS pointer of 63 bytes, not the file itself; run 'git lfs pull'");
  }

  @Test
  void namesLinkAndTargetWhereTheTargetIsGone() throws IOException {
    Path blob = Path.of("..", "blobs", "5f3c");
    Path link = Files.createSymbolicLink(folder.resolve("pytorch_model.bin"), blob);
    String gone = link + " is a link to " + blob + ", which is not there: the download was inter";
    assertRefused(link, gone);
    InvalidModelException e =
        assertThrows(InvalidModelException.class, () -> Checkpoints.open(folder));
    assertSays(e, gone);
    safetensors("diffusion_pytorch_model.safetensors", "whole");
    assertEquals(Set.of("whole"), names(folder), "what is there comes before what is not");
  }

  @Test
  void namesTheLinksOfShardsThatAreGone() throws IOException {
    torch("pytorch_model-00001-of-00002.bin", "a");
    Path link = folder.resolve("pytorch_model-00002-of-00002.bin");
    Files.createSymbolicLink(link, Path.of("gone"));
    index("pytorch_model", Map.of("a", 1), Map.of("b", 2));
    assertRefused(
        folder.resolve("pytorch_model.bin.index.json"), link + " is a link to gone, which is not");
  }

  @Test
  void readsShards() throws IOException {
    torch("pytorch_model-00001-of-00002.bin", "a", "c");
    torch("pytorch_model-00002-of-00002.bin", "b");
    index("pytorch_model", Map.of("a", 1, "c", 1), Map.of("b", 2));
    try (CheckpointWeights weights = Checkpoints.open(folder)) {
      assertEquals(Set.of("a", "b", "c"), weights.names());
      assertArrayEquals(new float[] {1, 2}, weights.readFloats("b").values());
      assertEquals("a", weights.sharedWith("a"));
    }
  }

  @Test
  void readsSafetensorsShards() throws IOException {
    safetensors("model-1.safetensors", "a");
    safetensors("model-2.safetensors", "b");
    String map = "{\"b\":\"model-2.safetensors\",\"a\":\"model-1.safetensors\"}";
    Files.writeString(
        folder.resolve("model.safetensors.index.json"), "{\"weight_map\":" + map + "}");
    try (CheckpointWeights weights = Checkpoints.open(folder)) {
      assertEquals(List.of("b", "a"), List.copyOf(weights.names()), "order of the index");
      assertArrayEquals(new float[] {1, 2}, weights.readFloats("a").values());
    }
  }

  @Test
  void listsAllThatIsWrongWithShardsAtOnce() throws IOException {
    torch("pytorch_model-00001-of-00002.bin", "a", "stray");
    Files.writeString(folder.resolve("pytorch_model-00003-of-00002.bin"), "damaged");
    index("pytorch_model", Map.of("a", 1, "lost", 1), Map.of("b", 2, "c", 3));
    assertRefused(
        folder.resolve("pytorch_model.bin.index.json"),
        "the shard pytorch_model-00002-of-00002.bin is missing",
        "puts 'lost' into pytorch_model-00001-of-00002.bin, which does not have it",
        "pytorch_model-00001-of-00002.bin has 'stray'",
        "pytorch_model-00003-of-00002.bin is neither",
        "all from the same release");
  }

  @Test
  void refusesShardsOutsideTheFolder() throws IOException {
    Path index = folder.resolve("pytorch_model.bin.index.json");
    for (String name : List.of("../x.bin", "/etc/passwd", "a/b.bin", "..", "", "c:x", "a\\\\b")) {
      Files.writeString(index, "{\"weight_map\":{\"a\":\"" + name + "\"}}");
      assertRefused(index, "'a' should be a plain file name in the folder of the index");
    }
  }

  @Test
  void refusesIndexesThatAreNone() throws IOException {
    Path index = folder.resolve("pytorch_model.bin.index.json");
    assertRefused(index, "no file at");
    assertRefused(Files.writeString(index, "{}"), "'weight_map' is missing");
    assertRefused(Files.writeString(index, "{\"weight_map\":{\"a\":1}}"), "should be a string");
    assertRefused(
        Files.writeString(index, "{\"weight_map\":{\"a\":\"x\",\"a\":\"y\"}}"), "occurs twice");
    assertRefused(Files.write(index, new byte[] {(byte) 0xff}), "not text in UTF-8");
    assertRefused(Files.write(index, new byte[(16 << 20) + 1]), "none is larger than");
  }

  private Path torch(String file, String... keys) {
    TorchFileBuilder builder = new TorchFileBuilder();
    for (String key : keys) {
      builder.floats(key, new float[] {1, 2}, 2);
    }
    return builder.write(folder.resolve(file));
  }

  private Path safetensors(String file, String key) throws IOException {
    Path path = folder.resolve(file);
    TensorDeclaration tensor = new TensorDeclaration(key, ElementType.FLOAT32, Shape.of(2));
    try (SafetensorsWriter writer = SafetensorsWriter.create(path, List.of(tensor), Map.of())) {
      byte[] bytes = TorchFileBuilder.floats(1, 2);
      writer.write(key, sink -> sink.accept(ByteBuffer.wrap(bytes)));
      writer.finish();
    }
    return path;
  }

  @SafeVarargs
  private void index(String stem, Map<String, Integer>... shardsByKey) throws IOException {
    StringBuilder json = new StringBuilder("{\"metadata\":{\"total_size\":1},\"weight_map\":{");
    for (Map<String, Integer> part : shardsByKey) {
      part.forEach(
          (key, number) ->
              json.append(json.charAt(json.length() - 1) == '{' ? "" : ",")
                  .append("\"%s\":\"%s-0000%d-of-00002.bin\"".formatted(key, stem, number)));
    }
    Files.write(
        folder.resolve(stem + ".bin.index.json"),
        json.append("}}").toString().getBytes(StandardCharsets.UTF_8));
  }

  private static Set<String> names(Path path) {
    try (CheckpointWeights weights = Checkpoints.open(path)) {
      return Set.copyOf(weights.names());
    }
  }

  @Test
  void copiesACheckpointInBoundedMemory() throws IOException {
    byte[] bytes = new byte[3 << 20];
    new Random(5).nextBytes(bytes);
    Path copy = folder.resolve("copy.safetensors");
    Path source = folder.resolve("model.bin");
    new TorchFileBuilder()
        .tensor("big", ElementType.BFLOAT16, bytes, bytes.length / 2)
        .write(source);
    try (CheckpointWeights weights = Checkpoints.open(source)) {
      List<TensorDeclaration> tensors = new ArrayList<>();
      for (String name : weights.names()) {
        tensors.add(new TensorDeclaration(name, weights.type(name), weights.shape(name)));
      }
      try (SafetensorsWriter writer = SafetensorsWriter.create(copy, tensors, Map.of())) {
        for (String name : weights.names()) {
          writer.write(name, sink -> weights.read(name, sink));
        }
        writer.finish();
      }
    }
    try (SafetensorsFile read = SafetensorsFile.open(copy)) {
      assertEquals(ByteBuffer.wrap(bytes), read.map("big"));
      ByteBuffer part = ByteBuffer.allocate(100);
      read.read("big", 1 << 20, part);
      assertEquals(ByteBuffer.wrap(bytes, 1 << 20, 100), part.flip());
    }
  }
}
