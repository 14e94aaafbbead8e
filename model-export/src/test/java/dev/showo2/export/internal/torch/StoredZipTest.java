package dev.showo2.export.internal.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.checkpoint.Checkpoints;
import dev.showo2.model.SafetensorsWriter.TensorDeclaration;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoredZipTest {

  private static final byte[] VALUES = floats(1.5f, -2, 3, 4);

  @TempDir private Path folder;

  /**
   * With a limit that low, all or some sizes and offsets are stored in the wide fields of zip64.
   */
  @ParameterizedTest
  @ValueSource(longs = {0xfffffffeL, 200, 15, 0})
  void bothReadersReadIt(long widest) throws IOException {
    Path file = folder.resolve("model.bin");
    try (StoredZip zip = new StoredZip(create(file), widest)) {
      TensorDeclaration tensor =
          new TensorDeclaration("a.weight", ElementType.FLOAT32, Shape.of(2, 2));
      zip.entry("m/data.pkl", new StateDictPickle().add(tensor, "0").finish());
      zip.entry("m/data/0", VALUES);
      zip.entry("m/version", new byte[0]);
      zip.finish();
    }
    try (CheckpointWeights weights = Checkpoints.open(file)) {
      assertArrayEquals(
          new float[] {1.5f, -2, 3, 4}, weights.readFloats("a.weight").values(), "ours");
    }
    try (ZipFile zip = new ZipFile(file.toFile())) {
      ZipEntry entry = zip.getEntry("m/data/0");
      assertArrayEquals(VALUES, zip.getInputStream(entry).readAllBytes(), "the JDK's");
      assertEquals(3, zip.size());
    }
  }

  @Test
  void bytesStartAtMultiplesOf64() throws IOException {
    Path file = folder.resolve("model.bin");
    try (StoredZip zip = new StoredZip(create(file))) {
      for (int length = 1; length < 70; length++) {
        zip.entry("n".repeat(length), marked(length));
      }
      zip.finish();
    }
    byte[] bytes = Files.readAllBytes(file);
    int found = 0;
    for (int at = 0; at < bytes.length; at += 64) {
      if (bytes[at] == (byte) 0xab && bytes[at + 1] == (byte) 0xcd) {
        found++;
      }
    }
    assertEquals(69, found);
  }

  private static byte[] marked(int more) {
    byte[] bytes = new byte[2 + more];
    bytes[0] = (byte) 0xab;
    bytes[1] = (byte) 0xcd;
    return bytes;
  }

  @Test
  void manyEntriesAreCountedInWideFields() throws IOException {
    Path file = folder.resolve("many.zip");
    try (StoredZip zip = new StoredZip(create(file))) {
      for (int i = 0; i < 65_600; i++) {
        zip.entry("e" + i, new byte[0]);
      }
      zip.finish();
    }
    try (ZipFile zip = new ZipFile(file.toFile())) {
      assertEquals(65_600, zip.size());
    }
  }

  @Test
  void sizesThatWereAnnouncedMustCome() throws IOException {
    try (StoredZip zip = new StoredZip(create(folder.resolve("short.zip")))) {
      String message =
          assertThrows(
                  IllegalStateException.class,
                  () -> zip.entry("a", 5, sink -> sink.accept(ByteBuffer.allocate(4))))
              .getMessage();
      assertTrue(message.contains("'a' should have 5 bytes, 4 came"), message);
    }
  }

  private static byte[] floats(float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  private static FileChannel create(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }
}
