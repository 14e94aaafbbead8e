package dev.showo2.train.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.InvalidModelException;
import dev.showo2.error.ShowO2Exception;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.train.data.ExampleMedia;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Tests of files with a teacher's features. */
class TeacherFeaturesTest {

  @TempDir private Path temporary;

  @Test
  void findsImagesByTheirPaths() throws IOException {
    ComposedWeights stored = new ComposedWeights();
    stored.add("birds/1.jpg", Shape.of(2, 3), Floats.source(new float[] {1, 2, 3, 4, 5, 6}));
    stored.add("2.png", Shape.of(2, 3), Floats.source(new float[] {7, 8, 9, 10, 11, 12}));
    try (TeacherFeatures features = open(stored)) {
      assertEquals(Shape.of(2, 3), features.shape());
      ExampleMedia bird = ExampleMedia.of(images().resolve("x/../birds/1.jpg"));
      ExampleMedia archived = new ExampleMedia.OfBytes("2.png", () -> new byte[0]);
      HostTensor read = features.read(bird);
      assertEquals(Shape.of(2, 3), read.shape());
      assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, read.values());
      assertArrayEquals(new float[] {7, 8, 9, 10, 11, 12}, features.read(archived).values());
    }
  }

  @Test
  void saysWhichImageHasNone() throws IOException {
    ComposedWeights stored = new ComposedWeights();
    stored.add("a.png", Shape.of(1, 1), Floats.source(new float[] {1}));
    try (TeacherFeatures features = open(stored)) {
      refused(
          "no features of 'b.png'",
          () -> features.read(ExampleMedia.of(images().resolve("b.png"))));
      refused("no features of '", () -> features.read(ExampleMedia.of(temporary.resolve("a.png"))));
    }
  }

  @Test
  void refusesWhatIsNoFeatures() throws IOException {
    ComposedWeights shapes = new ComposedWeights();
    shapes.add("a", Shape.of(1, 2), Floats.source(new float[2]));
    shapes.add("b", Shape.of(2, 1), Floats.source(new float[2]));
    refused("[2, 1] for 'b' where the first have [1, 2]", () -> open(shapes));
    ComposedWeights flat = new ComposedWeights();
    flat.add("a", Shape.of(2), Floats.source(new float[2]));
    refused("one shape [tokens, hidden size]", () -> open(flat));
    refused("has no features", () -> open(new ComposedWeights()));
    ComposedWeights broken = new ComposedWeights();
    broken.add("a", Shape.of(1, 2), Floats.source(new float[] {1, Float.NaN}));
    try (TeacherFeatures features = open(broken)) {
      refused("hold NaN or infinity", () -> features.read(ExampleMedia.of(images().resolve("a"))));
    }
    Path cut = temporary.resolve("cut.safetensors");
    Files.write(cut, new byte[] {9, 0, 0, 0, 0, 0, 0, 0, '{'});
    assertThrows(InvalidModelException.class, () -> TeacherFeatures.open(cut, images()));
  }

  private Path images() {
    return temporary.resolve("images");
  }

  private TeacherFeatures open(ComposedWeights stored) throws IOException {
    Path file = temporary.resolve("features.safetensors");
    Files.deleteIfExists(file);
    Floats.write(file, stored);
    return TeacherFeatures.open(file, images());
  }

  private static void refused(String expected, Executable call) {
    String message = assertThrows(ShowO2Exception.class, call).getMessage();
    assertTrue(message.contains(expected), message);
  }
}
