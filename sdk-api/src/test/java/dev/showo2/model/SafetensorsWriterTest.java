package dev.showo2.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.model.SafetensorsWriter.TensorDeclaration;
import dev.showo2.model.SafetensorsWriter.TensorSource;
import dev.showo2.model.internal.Sha256;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTest {

  private static final TensorDeclaration A =
      new TensorDeclaration("z \"é\" first", ElementType.FLOAT32, Shape.of(3));
  private static final TensorDeclaration B =
      new TensorDeclaration("a", ElementType.UINT8, Shape.of(1, 2));
  private static final TensorDeclaration EMPTY =
      new TensorDeclaration("empty", ElementType.FLOAT16, Shape.of(0, 5));

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void chooseFile() {
    file = folder.resolve("weights.safetensors");
  }

  @Test
  void writesFilesThatTheReaderReads() throws IOException {
    BundleFile written = writeAll(file);
    assertEquals("weights.safetensors", written.name());
    assertEquals(Files.size(file), written.size());
    assertEquals(Sha256.of(file), written.sha256());
    try (SafetensorsFile read = SafetensorsFile.open(file)) {
      assertEquals(Map.of("format", "pt"), read.metadata());
      assertArrayEquals(new float[] {1, 2, 3}, read.readFloats(A.name()).values());
      assertArrayEquals(new long[] {7, 8}, read.readIntegers("a"));
      assertEquals(Shape.of(0, 5), read.tensor("empty").shape());
    }
  }

  @Test
  void knowsThePlacesBeforeWriting() throws IOException {
    Map<String, TensorInfo> layout;
    try (SafetensorsWriter writer = create(A, EMPTY, B)) {
      layout = writer.layout();
      assertEquals(List.of(A.name(), "empty", "a"), List.copyOf(layout.keySet()));
      assertEquals(0, layout.get(A.name()).offset() % 64);
      write(writer);
    }
    try (SafetensorsFile read = SafetensorsFile.open(file)) {
      assertEquals(read.tensors(), layout);
    }
  }

  @Test
  void givesTheSameBytesEveryTime() throws IOException {
    String first = writeAll(file).sha256();
    assertEquals(first, writeAll(folder.resolve("again.safetensors")).sha256());
  }

  @Test
  void writesAFileWithoutTensors() throws IOException {
    try (SafetensorsWriter writer = create()) {
      assertEquals(64, writer.finish().size());
    }
    try (SafetensorsFile read = SafetensorsFile.open(file)) {
      assertEquals(Map.of(), read.tensors());
    }
  }

  @Test
  void refusesTooFewAndTooManyBytes() throws IOException {
    for (int length : new int[] {11, 13}) {
      Files.deleteIfExists(file);
      try (SafetensorsWriter writer = create(A)) {
        Exception e =
            assertThrows(
                IllegalStateException.class,
                () -> writer.write(A.name(), sink -> sink.accept(ByteBuffer.allocate(length))));
        assertSays(e, A.name(), "declared with 12 bytes", length == 11 ? "11 came" : "more came");
        assertClosed(writer);
      }
    }
  }

  @Test
  void refusesAnotherOrderThanDeclared() throws IOException {
    try (SafetensorsWriter writer = create(A, B)) {
      Exception e = assertThrows(IllegalStateException.class, () -> writer.write("a", sink -> {}));
      assertSays(e, "'a' was written where", "'" + A.name() + "' was declared");
      assertClosed(writer);
    }
  }

  @Test
  void refusesMoreTensorsThanDeclared() throws IOException {
    try (SafetensorsWriter writer = create()) {
      Exception e = assertThrows(IllegalStateException.class, () -> writer.write("a", sink -> {}));
      assertSays(e, "no more was declared");
    }
  }

  @Test
  void refusesToFinishEarly() throws IOException {
    try (SafetensorsWriter writer = create(A)) {
      Exception e = assertThrows(IllegalStateException.class, writer::finish);
      assertSays(e, A.name(), "was declared but not written");
      assertClosed(writer);
    }
  }

  @Test
  void closesTheFileWhenASourceFails() throws IOException {
    IOException lost = new IOException("lost");
    TensorSource source =
        sink -> {
          throw lost;
        };
    try (SafetensorsWriter writer = create(A)) {
      assertEquals(lost, assertThrows(IOException.class, () -> writer.write(A.name(), source)));
      assertClosed(writer);
    }
  }

  @Test
  void neverOverwrites() throws IOException {
    Files.writeString(file, "precious");
    assertThrows(FileAlreadyExistsException.class, () -> create(A));
    assertEquals("precious", Files.readString(file));
  }

  @Test
  void refusesDeclarationsThatNoFileCanHold() {
    Exception twice = assertThrows(IllegalArgumentException.class, () -> create(A, B, A));
    assertSays(twice, "is declared twice");
    for (String name : List.of("", "__metadata__")) {
      assertThrows(
          IllegalArgumentException.class,
          () -> new TensorDeclaration(name, ElementType.BOOL, Shape.of(1)));
    }
    Shape huge = Shape.of(Long.MAX_VALUE);
    assertThrows(
        IllegalArgumentException.class,
        () -> new TensorDeclaration("huge", ElementType.FLOAT16, huge));
    TensorDeclaration full = new TensorDeclaration("full", ElementType.BOOL, huge);
    assertThrows(IllegalArgumentException.class, () -> create(full, B));
    assertFalse(Files.exists(file));
  }

  private SafetensorsWriter create(TensorDeclaration... tensors) throws IOException {
    return SafetensorsWriter.create(file, List.of(tensors), Map.of());
  }

  private static BundleFile writeAll(Path path) throws IOException {
    try (SafetensorsWriter writer =
        SafetensorsWriter.create(path, List.of(A, EMPTY, B), Map.of("format", "pt"))) {
      return write(writer);
    }
  }

  private static BundleFile write(SafetensorsWriter writer) throws IOException {
    byte[] floats = new byte[12];
    ByteBuffer.wrap(floats).order(ByteOrder.LITTLE_ENDIAN).putFloat(1).putFloat(2).putFloat(3);
    writer.write(
        A.name(),
        sink -> {
          sink.accept(ByteBuffer.wrap(floats, 0, 4));
          sink.accept(ByteBuffer.wrap(floats, 4, 8));
        });
    writer.write("empty", sink -> {});
    writer.write("a", sink -> sink.accept(ByteBuffer.wrap(new byte[] {7, 8})));
    return writer.finish();
  }

  private static void assertClosed(SafetensorsWriter writer) {
    Exception e = assertThrows(IllegalStateException.class, writer::finish);
    assertSays(e, "is closed");
  }

  private static void assertSays(Exception e, String... parts) {
    for (String part : parts) {
      assertTrue(e.getMessage().contains(part), () -> "'" + part + "' is missing in: " + e);
    }
  }
}
