package dev.showo2.backend.djl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.InvalidModelException;
import dev.showo2.error.InvalidRequestException;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.checkpoint.Checkpoints;
import dev.showo2.spi.BackendConfig;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.train.checkpoint.SiglipCheckpoint;
import dev.showo2.train.spi.Teacher;
import dev.showo2.train.spi.TeacherRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests of SigLIP's features, compared with those of transformers. */
class DjlTeacherTest {

  /** Of values of about 2 in another order of summation. */
  private static final float ROUNDING = 2e-5f;

  private static final BackendConfig CONFIG = BackendConfig.builder().threads(1).build();

  @TempDir private static Path folder;

  @BeforeAll
  static void copy() throws IOException {
    TinySiglip.copyTo(folder);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void featuresAreThoseOfTransformers(int layers) {
    try (SiglipCheckpoint siglip = SiglipCheckpoint.open(folder);
        Teacher teacher = open(siglip.teacher(layers));
        CheckpointWeights golden = Checkpoints.open(folder.resolve(TinySiglip.GOLDEN))) {
      HostTensor pixels = golden.readFloats("pixels");
      HostTensor expected = golden.readFloats("layers_" + layers);
      assertEquals(Shape.of(16, 24), siglip.teacher(layers).shape());
      HostTensor actual = teacher.features(pixels);
      assertEquals(expected.shape(), actual.shape());
      assertArrayEquals(expected.values(), actual.values(), ROUNDING);
    }
  }

  @Test
  void anImageAloneHasTheFeaturesThatItHasAmongOthers() {
    try (SiglipCheckpoint siglip = SiglipCheckpoint.open(folder);
        Teacher teacher = open(siglip.teacher(3));
        CheckpointWeights golden = Checkpoints.open(folder.resolve(TinySiglip.GOLDEN))) {
      HostTensor both = golden.readFloats("pixels");
      float[] second =
          Arrays.copyOfRange(both.values(), both.values().length / 2, both.values().length);
      float[] alone = teacher.features(new HostTensor(Shape.of(1, 3, 18, 18), second)).values();
      float[] among = teacher.features(both).values();
      assertArrayEquals(alone, Arrays.copyOfRange(among, among.length / 2, among.length), ROUNDING);
    }
  }

  @Test
  void refusesWhatDoesNotFit() {
    try (SiglipCheckpoint siglip = SiglipCheckpoint.open(folder)) {
      TeacherRequest request = siglip.teacher(2);
      try (Teacher teacher = open(request)) {
        for (Shape shape : new Shape[] {Shape.of(1, 3, 16, 16), Shape.of(3, 18, 18)}) {
          String message =
              assertThrows(
                      InvalidRequestException.class,
                      () -> teacher.features(HostTensor.zeros(shape)))
                  .getMessage();
          assertTrue(message.contains("takes pixels [1, 3, 18, 18], found " + shape), message);
        }
      }
      TeacherRequest wrong =
          new TeacherRequest(request.layers(), 4, 18, name -> HostTensor.zeros(Shape.of(1)));
      String message = assertThrows(InvalidModelException.class, () -> open(wrong)).getMessage();
      assertTrue(message.contains("should be [24, 3, 4, 4], found [1]"), message);
    }
  }

  @Test
  void refusesCallsWhenClosed() {
    try (SiglipCheckpoint siglip = SiglipCheckpoint.open(folder)) {
      Teacher teacher = open(siglip.teacher(1));
      teacher.close();
      teacher.close();
      assertThrows(
          IllegalStateException.class,
          () -> teacher.features(HostTensor.zeros(Shape.of(1, 3, 18, 18))));
    }
  }

  private static Teacher open(TeacherRequest request) {
    return new DjlTrainingProvider().openTeacher(request, CONFIG);
  }
}
