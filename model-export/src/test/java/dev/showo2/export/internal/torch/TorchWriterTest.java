package dev.showo2.export.internal.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.checkpoint.Checkpoints;
import dev.showo2.model.SafetensorsWriter.TensorDeclaration;
import dev.showo2.model.SafetensorsWriter.TensorSource;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TorchWriterTest {

  private static final TensorDeclaration FLOATS =
      new TensorDeclaration("floats", ElementType.FLOAT32, Shape.of(3, 70_000));

  private static final TensorDeclaration SCALAR =
      new TensorDeclaration("scalar", ElementType.BFLOAT16, Shape.of());

  private static final TensorDeclaration AGAIN =
      new TensorDeclaration("again", ElementType.FLOAT32, Shape.of(3, 70_000));

  @TempDir private Path folder;

  @Test
  void tensorsOfAnyTypeAndRankAreReadAgain() throws IOException {
    Path file = folder.resolve("model.bin");
    TensorDeclaration half = new TensorDeclaration("half", ElementType.FLOAT16, Shape.of(256));
    try (TorchWriter writer =
        TorchWriter.create(file, List.of(FLOATS, SCALAR, half), UnaryOperator.identity())) {
      writer.write("floats", zeros(840_000));
      writer.write("scalar", zeros(2));
      writer.write("half", zeros(512));
      writer.finish();
    }
    try (CheckpointWeights weights = Checkpoints.open(file)) {
      assertEquals(List.of("floats", "scalar", "half"), List.copyOf(weights.names()));
      for (TensorDeclaration tensor : List.of(FLOATS, SCALAR, half)) {
        assertEquals(tensor.shape(), weights.shape(tensor.name()));
        assertEquals(tensor.type(), weights.type(tensor.name()));
        assertEquals(0, weights.readFloats(tensor.name()).values()[0]);
      }
    }
  }

  @Test
  void sharedValuesAreWrittenOnce() throws IOException {
    Path file = folder.resolve("model.bin");
    try (TorchWriter writer = shared(file, List.of(FLOATS, AGAIN))) {
      writer.write("floats", zeros(840_000));
      writer.finish();
    }
    assertTrue(Files.size(file) < 850_000, "once");
    try (CheckpointWeights weights = Checkpoints.open(file)) {
      assertEquals("floats", weights.sharedWith("again"));
      assertEquals(FLOATS.shape(), weights.shape("again"));
    }
    assertThrows(
        IllegalArgumentException.class,
        () -> shared(folder.resolve("other.bin"), List.of(AGAIN, FLOATS)));
  }

  private static TorchWriter shared(Path file, List<TensorDeclaration> tensors) throws IOException {
    Map<String, String> first = Map.of("again", "floats");
    return TorchWriter.create(file, tensors, name -> first.getOrDefault(name, name));
  }

  @Test
  void tensorsComeInTheOrderInWhichTheyWereDeclared() throws IOException {
    Path file = folder.resolve("model.bin");
    try (TorchWriter writer =
        TorchWriter.create(file, List.of(SCALAR, FLOATS), UnaryOperator.identity())) {
      String other =
          assertThrows(IllegalStateException.class, () -> writer.write("floats", zeros(840_000)))
              .getMessage();
      assertTrue(other.contains("'floats' was written where"), other);
      String lacking = assertThrows(IllegalStateException.class, writer::finish).getMessage();
      assertTrue(lacking.contains("'floats' was declared but not written"), lacking);
    }
    assertThrows(
        FileAlreadyExistsException.class,
        () -> TorchWriter.create(file, List.of(), UnaryOperator.identity()));
  }

  @Test
  void integersAreRefused() {
    TensorDeclaration integers = new TensorDeclaration("n", ElementType.INT64, Shape.of(1));
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    TorchWriter.create(
                        folder.resolve("model.bin"), List.of(integers), UnaryOperator.identity()))
            .getMessage();
    assertTrue(message.contains("tensor 'n': INT64"), message);
  }

  private static TensorSource zeros(int bytes) {
    return sink -> sink.accept(ByteBuffer.allocate(bytes));
  }
}
