package dev.showo2.export.internal.torch;

import static dev.showo2.export.internal.checkpoint.CheckpointRefusals.assertRefused;

import dev.showo2.export.internal.checkpoint.CheckpointRefusals;
import dev.showo2.tensor.ElementType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives that are damaged, or made to be read in two ways. */
class HostileZipTest {

  private static final int CENTRAL = 0x02014b50;
  private static final int END = 0x06054b50;
  private static final int END64 = 0x06064b50;
  private static final int LOCATOR = 0x07064b50;

  @TempDir Path folder;

  /** An intact archive; its entries are data.pkl, byteorder, data/0, data/1 and version. */
  private ByteBuffer zip;

  @BeforeEach
  void buildSoundArchive() throws IOException {
    byte[] bytes =
        new TorchFileBuilder()
            .floats("a", new float[] {1, 2, 3}, 3)
            .floats("b", new float[] {4, 5}, 2)
            .toBytes();
    zip = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    CheckpointRefusals.readAll(Files.write(folder.resolve("intact.bin"), bytes));
  }

  @Test
  void refusesEveryTruncation() {
    for (int length = 4; length < zip.capacity(); length++) {
      assertRefused(
          folder, Arrays.copyOf(zip.array(), length), "so it is truncated", "get it again");
    }
  }

  @Test
  void refusesAlteredBytesOfAStorageReadInOnePass() {
    zip.put(find(TorchFileBuilder.floats(1, 2, 3)) + 5, (byte) 1);
    refuse("'model/data/0' was altered", "CRC-32 should be", "get the file again");
  }

  @Test
  void refusesAlteredBytesOfAStorageReadInParts() {
    TorchFileBuilder builder =
        new TorchFileBuilder()
            .storage("0", TorchFileBuilder.floats(1, 2, 3))
            .view("part", ElementType.FLOAT32, "0", TestStateDictPickle.View.contiguous(2));
    zip = ByteBuffer.wrap(builder.toBytes()).order(ByteOrder.LITTLE_ENDIAN);
    zip.put(find(TorchFileBuilder.floats(1, 2, 3)) + 9, (byte) 1);
    refuse("'model/data/0' was altered");
  }

  @Test
  void refusesAnAlteredPickle() {
    zip.put(find("FloatStorage".getBytes(StandardCharsets.US_ASCII)), (byte) 'f');
    refuse("'model/data.pkl' was altered");
  }

  @Test
  void refusesCompressedEntries() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream deflated = new ZipOutputStream(out)) {
      deflated.putNextEntry(new ZipEntry("model/data.pkl"));
      for (int i = 0; i < 100; i++) {
        deflated.write(new byte[1 << 20]);
      }
      deflated.closeEntry();
    }
    assertRefused(folder, out.toByteArray(), "'model/data.pkl' is compressed");
  }

  @Test
  void refusesEntriesWhoseTwoSizesDiffer() {
    zip.putInt(central(2) + 24, 1 << 30);
    refuse("'model/data/0' claims a size or offset of 1073741824 bytes");
    zip.putInt(central(2) + 24, 13);
    refuse("'model/data/0' is stored in 12 bytes but claims 13");
  }

  @Test
  void refusesEncryptedEntries() {
    zip.putShort(central(0) + 8, (short) 1);
    refuse("'model/data.pkl' is encrypted");
  }

  @Test
  void refusesSizesBeyondTheData() {
    int size = zip.capacity() - 100;
    zip.putInt(central(2) + 20, size).putInt(central(2) + 24, size);
    refuse("'model/data/0' claims " + size + " bytes", "beyond the data");
  }

  @Test
  void refusesPlacesBeyondTheData() {
    zip.putInt(central(2) + 42, zip.capacity() - 60);
    refuse("'model/data/0' starts at byte " + (zip.capacity() - 60) + ", beyond the data");
  }

  @Test
  void refusesOverlappingEntries() {
    int size = zip.getInt(central(3) + 42) - zip.getInt(central(2) + 42);
    zip.putInt(central(2) + 20, size).putInt(central(2) + 24, size);
    refuse("'model/data/0' and 'model/data/1' overlap");
  }

  @Test
  void refusesTwoNamesForOnePlace() {
    zip.putInt(central(3) + 42, zip.getInt(central(2) + 42));
    refuse("'model/data/1' has another header than its zip directory says");
  }

  @Test
  void refusesANameTwice() {
    rename("model/data/1", "model/data/0");
    refuse("'model/data/0' occurs twice");
  }

  @Test
  void refusesNamesThatLeaveTheArchive() {
    rename("model/data/1", "model/../xx1");
    refuse("'model/../xx1' is not a plain path inside the archive");
    rename("model/../xx1", "/odel/data/1");
    refuse("'/odel/data/1' is not a plain path");
    rename("/odel/data/1", "m\\del/data/1");
    refuse("'m\\del/data/1' is not a plain path");
    rename("m\\del/data/1", "other/data/1");
    refuse("'other/data/1' is outside its folder 'model'");
  }

  @Test
  void refusesArchivesWithoutOnePickle() {
    rename("model/data.pkl", "model/data.txt");
    refuse("has one 'data.pkl' in its folder, this one has 0");
  }

  @Test
  void refusesBigEndianFiles() {
    TorchFileBuilder big = new TorchFileBuilder().byteOrder("big").floats("a", new float[1], 1);
    assertRefused(
        folder, big.toBytes(), "byteorder should be 'little', found 'big'", "save the checkpoint");
  }

  @Test
  void refusesABreakInTheDirectory() {
    zip.putInt(central(4), 0);
    refuse("its zip directory breaks off after 4 entries");
  }

  @Test
  void refusesAWrongNumberOfEntries() {
    int end = find(END);
    zip.putShort(end + 10, (short) 4).putLong(find(END64) + 32, 4);
    refuse("its zip directory is longer than its 4 entries");
    zip.putShort(end + 10, (short) 0xffff).putLong(find(END64) + 32, 1L << 40);
    refuse("its directory claims 1099511627776 entries");
  }

  @Test
  void refusesEndRecordsThatContradictEachOther() {
    zip.putLong(find(END64) + 48, 1);
    refuse("its zip and zip64 end records contradict each other");
    zip.putLong(find(LOCATOR) + 8, 1);
    refuse("its zip64 records do not fit together");
  }

  @Test
  void refusesADirectorySomewhereElse() {
    int end = find(END);
    zip.putInt(end + 16, 64).putLong(find(END64) + 48, 64);
    refuse("does not end where its end record starts");
  }

  @Test
  void refusesBytesAfterTheEnd() {
    assertRefused(
        folder,
        Arrays.copyOf(zip.array(), zip.capacity() + 1),
        "does not end with a zip directory");
  }

  private void refuse(String... parts) {
    assertRefused(folder, zip.array(), parts);
  }

  /** Gives an entry a name of the same length, in both of its headers. */
  private void rename(String name, String other) {
    byte[] from = name.getBytes(StandardCharsets.UTF_8);
    byte[] to = Arrays.copyOf(other.getBytes(StandardCharsets.UTF_8), from.length);
    for (int at = indexOf(from, 0); at >= 0; at = indexOf(from, at + 1)) {
      zip.put(at, to);
    }
  }

  private int central(int number) {
    int at = -1;
    for (int i = 0; i <= number; i++) {
      at = indexOf(signature(CENTRAL), at + 1);
    }
    return at;
  }

  private int find(int signature) {
    return find(signature(signature));
  }

  private int find(byte[] bytes) {
    int at = indexOf(bytes, 0);
    if (at < 0) {
      throw new AssertionError("the archive does not hold what the test alters");
    }
    return at;
  }

  private int indexOf(byte[] bytes, int from) {
    for (int at = from; at <= zip.capacity() - bytes.length; at++) {
      if (Arrays.equals(zip.array(), at, at + bytes.length, bytes, 0, bytes.length)) {
        return at;
      }
    }
    return -1;
  }

  private static byte[] signature(int value) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
  }
}
