package dev.showo2.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.showo2.error.InvalidModelException;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SafetensorsFileTest {

  private static final String PAIR = "'a':{'dtype':'U8','shape':[2],'data_offsets':[0,2]}";

  @TempDir Path folder;

  @Test
  void readsTensorsInFileOrder() throws IOException {
    String second = "'b':{'dtype':'F32','shape':[],'data_offsets':[2,6]}";
    byte[] data = {1, (byte) 255, 0, 0, (byte) 0x80, (byte) 0x3f};
    Path file = write("{" + second + "," + PAIR + ",'__metadata__':{'by':'test'}}  ", data);
    try (SafetensorsFile read = SafetensorsFile.open(file)) {
      assertEquals(List.of("a", "b"), List.copyOf(read.tensors().keySet()));
      assertEquals(Map.of("by", "test"), read.metadata());
      assertEquals(Shape.of(), read.tensor("b").shape());
      assertArrayEquals(new long[] {1, 255}, read.readIntegers("a"));
      assertArrayEquals(new float[] {1}, read.readFloats("b").values());
    }
  }

  @ParameterizedTest
  @EnumSource(ElementType.class)
  void readsEveryType(ElementType type) throws IOException {
    int length = 2 * type.byteSize();
    String header =
        "{'a':{'dtype':'%s','shape':[2],'data_offsets':[0,%d]}}"
            .formatted(type.safetensorsName(), length);
    try (SafetensorsFile read = SafetensorsFile.open(write(header, new byte[length]))) {
      assertEquals(type, read.tensor("a").type());
      assertEquals(length, read.map("a").remaining());
      if (type.safetensorsName().contains("F")) {
        assertArrayEquals(new float[2], read.readFloats("a").values());
        assertThrows(InvalidModelException.class, () -> read.readIntegers("a"));
      } else {
        assertArrayEquals(new long[2], read.readIntegers("a"));
        assertThrows(InvalidModelException.class, () -> read.readFloats("a"));
      }
    }
  }

  @Test
  void refusesOtherTypesBeforeItTakesMemory() throws IOException {
    String pair =
        "{'f':{'dtype':'F64','shape':[1048576],'data_offsets':[0,8388608]},"
            + "'u':{'dtype':'U8','shape':[8388608],'data_offsets':[8388608,16777216]}}";
    try (SafetensorsFile read = SafetensorsFile.open(write(pair, new byte[16 << 20]))) {
      ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      long before = threads.getCurrentThreadAllocatedBytes();
      assertThrows(InvalidModelException.class, () -> read.readFloats("u"));
      assertThrows(InvalidModelException.class, () -> read.readIntegers("f"));
      assertTrue(threads.getCurrentThreadAllocatedBytes() - before < 4 << 20);
    }
  }

  @Test
  void readsParts() throws IOException {
    try (SafetensorsFile read = SafetensorsFile.open(write("{" + PAIR + "}", new byte[] {3, 4}))) {
      ByteBuffer two = ByteBuffer.allocate(2).put((byte) 9);
      read.read("a", 1, two);
      assertEquals(ByteBuffer.wrap(new byte[] {9, 4}), two.flip());
      ByteBuffer one = ByteBuffer.allocate(1);
      assertThrows(IndexOutOfBoundsException.class, () -> read.read("a", 2, one));
      assertThrows(IndexOutOfBoundsException.class, () -> read.read("a", -1, one));
    }
  }

  @Test
  void noticesThatTheFileWasTruncatedMeanwhile() throws IOException {
    Path file = write("{" + PAIR + "}", new byte[2]);
    try (SafetensorsFile read = SafetensorsFile.open(file)) {
      Files.write(file, new byte[4]);
      ByteBuffer one = ByteBuffer.allocate(1);
      assertSays(
          assertThrows(InvalidModelException.class, () -> read.read("a", 0, one)), "truncated");
    }
  }

  @Test
  void namesATensorThatIsNotThere() throws IOException {
    try (SafetensorsFile read = SafetensorsFile.open(write("{}"))) {
      assertSays(
          assertThrows(InvalidModelException.class, () -> read.map("b")), "has no tensor 'b'");
    }
  }

  @Test
  void refusesHeadersThatClaimMoreThanTheFile() throws IOException {
    for (long length : new long[] {3, 100_000_001, Long.MAX_VALUE, -1, 0, 1}) {
      ByteBuffer bytes = ByteBuffer.allocate(10).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
      refuse(
          Files.write(folder.resolve("x.safetensors"), bytes.put((byte) '{').array()),
          "its header claims " + Long.toUnsignedString(length) + " bytes",
          "the file has 10");
    }
    refuse(Files.write(folder.resolve("x.safetensors"), new byte[7]), "it has 7 bytes");
    refuse(folder.resolve("none.safetensors"), "no safetensors file at");
  }

  @Test
  void refusesOverlaps() throws IOException {
    String inside = "'b':{'dtype':'U8','shape':[2],'data_offsets':[1,3]}";
    refuse(write("{" + PAIR + "," + inside + "}", new byte[3]), "'b'", "inside the tensor before");
    String same = "'b':{'dtype':'U8','shape':[2],'data_offsets':[0,2]}";
    refuse(write("{" + PAIR + "," + same + "}", new byte[2]), "inside the tensor before it");
  }

  @Test
  void refusesBytesThatBelongToNoTensor() throws IOException {
    String later = "'b':{'dtype':'U8','shape':[1],'data_offsets':[3,4]}";
    refuse(write("{" + PAIR + "," + later + "}", new byte[4]), "'b'", "leaving a gap");
    refuse(write("{" + PAIR + "}", new byte[3]), "1 bytes at its end belong to no tensor");
  }

  @Test
  void refusesRangesBeyondTheFile() throws IOException {
    for (String range :
        List.of("[0,3]", "[-1,1]", "[2,0]", "[0]", "[0,1,2]", "[0,9223372036854775807]")) {
      refuse(
          write("{'a':{'dtype':'U8','shape':[2],'data_offsets':%s}}".formatted(range), 0, 0),
          "data_offsets of 'a' must be a range within the 2 bytes of data");
    }
    refuse(
        write("{'a':{'dtype':'U8','shape':[2],'data_offsets':[0,9223372036854775808]}}", 0, 0),
        "should be an integer");
    refuse(
        write("{'a':{'dtype':'U8','shape':[2],'data_offsets':[0,1e99999999]}}", 0, 0),
        "should be an integer");
  }

  @Test
  void refusesShapesThatDoNotFillTheirRange() throws IOException {
    refuse(write(entry("U8", "[3]"), 0, 0), "needs 3 bytes, its range has 2");
    refuse(write(entry("F32", "[2]"), 0, 0), "needs 8 bytes, its range has 2");
    refuse(write(entry("U8", "[-2]"), 0, 0), "negative dimension");
    refuse(write(entry("U8", "[4294967296,4294967296]"), 0, 0), "too many elements");
    refuse(write(entry("F64", "[2305843009213693952]"), 0, 0), "tensor 'a'", "overflow");
    refuse(write(entry("F4", "[5]"), 0, 0), "needs 3 bytes, its range has 2");
    refuse(write(entry("U16", "[2]"), 0, 0), "needs 4 bytes, its range has 2");
    refuse(write(entry("F128", "[1]"), 0, 0), "unknown element type 'F128'");
  }

  /** A buffer that nobody needs does not spoil the weights beside it. */
  @ParameterizedTest
  @CsvSource({"F8_E4M3,2", "F8_E5M2,2", "U16,1", "F4,4", "F4,3", "F6_E2M3,2"})
  void aTensorOfAnotherTypeIsRefusedWhenItIsRead(String type, int elements) throws IOException {
    String other = "'o':{'dtype':'%s','shape':[%d],'data_offsets':[2,4]}".formatted(type, elements);
    try (SafetensorsFile read =
        SafetensorsFile.open(write("{" + PAIR + "," + other + "}", 1, 2, 0, 0))) {
      assertArrayEquals(new long[] {1, 2}, read.readIntegers("a"));
      assertEquals(List.of("a"), List.copyOf(read.tensors().keySet()));
      assertEquals(Map.of("o", type), read.unreadable());
      assertSays(
          assertThrows(InvalidModelException.class, () -> read.map("o")),
          "tensor 'o' of ",
          "holds " + type + ", which is not read");
    }
  }

  @Test
  void refusesKeysThatStandTwice() throws IOException {
    refuse(write("{" + PAIR + "," + PAIR + "}", new byte[2]), "'a' occurs twice");
    refuse(
        write("{'a':{'dtype':'U8','dtype':'I8','shape':[2],'data_offsets':[0,2]}}", 0, 0),
        "'dtype' occurs twice");
  }

  @Test
  void refusesHeadersThatAreNoJsonObject() throws IOException {
    refuse(write("[]"), "a JSON object was expected");
    refuse(write("{} {}"), "text after the end of the JSON");
    refuse(write("{'a':1}"), "tensor 'a'", "an object was expected");
    refuse(write("{'__metadata__':{'a':1}}"), "should be a string");
    refuse(write("{'a':{}}"), "'data_offsets' is missing");
    refuse(write("[".repeat(10_000)), "nested deeper");
    refuse(write("{'a'"), "not valid JSON");
  }

  private static String entry(String type, String shape) {
    return "{'a':{'dtype':'%s','shape':%s,'data_offsets':[0,2]}}".formatted(type, shape);
  }

  private static void refuse(Path file, String... parts) {
    Exception e = assertThrows(InvalidModelException.class, () -> SafetensorsFile.open(file));
    assertSays(e, file.getFileName().toString());
    assertSays(e, parts);
  }

  private static void assertSays(Exception e, String... parts) {
    for (String part : parts) {
      assertTrue(e.getMessage().contains(part), () -> "'" + part + "' in: " + e.getMessage());
    }
  }

  /** Single quotes are replaced by double ones. */
  private Path write(String header, int... data) throws IOException {
    byte[] bytes = new byte[data.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) data[i];
    }
    return write(header, bytes);
  }

  private Path write(String header, byte[] data) throws IOException {
    byte[] json = header.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + data.length);
    bytes.order(ByteOrder.LITTLE_ENDIAN).putLong(json.length).put(json).put(data);
    return Files.write(folder.resolve("x.safetensors"), bytes.array());
  }
}
