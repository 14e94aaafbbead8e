package dev.showo2.backend.djl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.backend.djl.TinyRun.Recorder;
import dev.showo2.error.InvalidRequestException;
import dev.showo2.export.ExportListener;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.checkpoint.Checkpoints;
import dev.showo2.media.internal.ImagePreprocessor;
import dev.showo2.model.SafetensorsWriter;
import dev.showo2.model.SafetensorsWriter.TensorDeclaration;
import dev.showo2.spi.BackendConfig;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.train.TrainedPart;
import dev.showo2.train.TrainingListener;
import dev.showo2.train.TrainingStep;
import dev.showo2.train.checkpoint.SiglipCheckpoint;
import dev.showo2.train.data.DataReport;
import dev.showo2.train.data.ExampleProblem;
import dev.showo2.train.recipe.Training;
import dev.showo2.train.recipe.TrainingConfig;
import dev.showo2.train.spi.Teacher;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs of distillation on a tiny model, with SigLIP as teacher and with features in a file. */
class DistillationRunTest {

  private static final int STEPS = 40;

  private static final String SIGLIP = "{siglip: siglip, cache: cache}";
  private static final String FEATURES = "{features: features.safetensors, images: images}";

  private static final String CONFIG =
      """
      model: model
      folder: NAME
      train: semantic
      rate: 3e-3
      steps: 40
      threads: 1
      accumulate: 2
      teacher: TEACHER
      checkpoints: {every: 5, keep: 2}
      data:
        latent-cache: latents
        loaders:
          - {rows-of: image, format: images, path: images, rows: 2, clean-images: 0.5}
      """;

  @TempDir private static Path folder;

  @BeforeAll
  static void makeFiles() throws IOException {
    TinyRun.makeFiles(folder);
    TinySiglip.copyTo(folder.resolve("siglip"));
    writeFeatures();
  }

  private static List<Path> images() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("images"))) {
      return files.filter(file -> file.toString().endsWith(".png")).sorted().toList();
    }
  }

  /** What SigLIP says of the images, under their names. */
  private static void writeFeatures() throws IOException {
    try (SiglipCheckpoint siglip = SiglipCheckpoint.open(folder.resolve("siglip"));
        Teacher teacher =
            new DjlTrainingProvider()
                .openTeacher(siglip.teacher(2), BackendConfig.builder().threads(1).build())) {
      List<TensorDeclaration> tensors = new ArrayList<>();
      List<float[]> values = new ArrayList<>();
      for (Path file : images()) {
        HostTensor pixels = ImagePreprocessor.centerCrop(ImageIO.read(file.toFile()), 18, 18);
        String name = folder.resolve("images").relativize(file).toString();
        tensors.add(new TensorDeclaration(name, ElementType.FLOAT32, siglip.teacher(2).shape()));
        values.add(
            teacher.features(new HostTensor(Shape.of(1, 3, 18, 18), pixels.values())).values());
      }
      Path target = folder.resolve("features.safetensors");
      try (SafetensorsWriter writer = SafetensorsWriter.create(target, tensors, Map.of())) {
        for (int i = 0; i < tensors.size(); i++) {
          float[] own = values.get(i);
          writer.write(
              tensors.get(i).name(),
              sink -> {
                ByteBuffer bytes =
                    ByteBuffer.allocate(own.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
                bytes.asFloatBuffer().put(own);
                sink.accept(bytes);
              });
        }
        writer.finish();
      }
    }
  }

  private static TrainingConfig config(String name, String teacher) {
    return TrainingConfig.parse(
        CONFIG.replace("NAME", name).replace("TEACHER", teacher), name, folder);
  }

  private static List<TrainingStep> run(String name, String teacher) throws IOException {
    Recorder recorder = new Recorder();
    Training.Outcome outcome = Training.start(config(name, teacher), recorder, ExportListener.NONE);
    assertEquals(STEPS, outcome.run().steps());
    return recorder.steps();
  }

  private static double mean(List<TrainingStep> steps, int from, int to) {
    return IntStream.range(from, to).mapToDouble(i -> steps.get(i).loss()).average().orElseThrow();
  }

  @Test
  void theLossFallsWithBothTeachersAndTheRestStays() throws IOException {
    List<TrainingStep> siglip = run("siglip-run", SIGLIP);
    double first = mean(siglip, 0, 5);
    double last = mean(siglip, STEPS - 5, STEPS);
    assertTrue(last < 0.5 * first, first + " fell to " + last);
    assertEquals(4 * 16, siglip.get(0).positions());
    List<TrainingStep> stored = run("features-run", FEATURES);
    assertEquals(
        siglip.stream().map(TrainingStep::losses).toList(),
        stored.stream().map(TrainingStep::losses).toList(),
        "the same features");
    int trained = 0;
    try (CheckpointWeights start = Checkpoints.open(folder.resolve("model"));
        CheckpointWeights result = Checkpoints.open(folder.resolve("siglip-run/result"))) {
      for (String name : start.names()) {
        float[] before = start.readFloats(name).values();
        float[] after = result.readFloats(name).values();
        if (TrainedPart.SEMANTIC.groups().get(0).contains(name)) {
          assertFalse(Arrays.equals(before, after), name + " is as it was");
          trained++;
        } else {
          assertArrayEquals(before, after, name);
        }
      }
    }
    assertEquals(2 * 16 + 3, trained);
  }

  @Test
  void aRunThatIsCutGoesOnToTheBit() throws IOException {
    List<TrainingStep> whole = run("whole", SIGLIP);
    Recorder first = new Recorder(7);
    TrainingConfig cut = config("cut", "{siglip: siglip}");
    assertThrows(
        IllegalStateException.class, () -> Training.start(cut, first, ExportListener.NONE));
    Recorder second = new Recorder();
    Training.resume(folder.resolve("cut"), second, ExportListener.NONE);
    assertEquals(6, second.steps().get(0).number(), "goes on from the checkpoint of step 5");
    List<Map<String, Double>> losses = new ArrayList<>(first.losses().subList(0, 5));
    losses.addAll(second.losses());
    assertEquals(whole.stream().map(TrainingStep::losses).toList(), losses);
    String weights = "/result/pytorch_model.safetensors";
    assertEquals(
        -1, Files.mismatch(folder.resolve("whole" + weights), folder.resolve("cut" + weights)));
  }

  @Test
  void anotherTeacherIsRefusedOnTheWay() throws IOException {
    Recorder first = new Recorder(7);
    TrainingConfig config = config("other", SIGLIP);
    assertThrows(
        IllegalStateException.class, () -> Training.start(config, first, ExportListener.NONE));
    Path written = folder.resolve("other/config.yaml");
    Files.writeString(written, Files.readString(written).replace("cache: cache", "layers: 3"));
    String message =
        assertThrows(
                InvalidRequestException.class,
                () ->
                    Training.resume(
                        folder.resolve("other"), TrainingListener.NONE, ExportListener.NONE))
            .getMessage();
    assertTrue(message.contains("its teacher was ") && message.contains(", 3 layers"), message);
  }

  @Test
  void aDryRunNeedsNoEngine() throws IOException {
    StringBuilder out = new StringBuilder();
    DataReport report = Training.dryRun(config("none", SIGLIP), out, 1);
    assertEquals(TinyRun.IMAGES, report.rows());
    assertTrue(
        out.toString().startsWith("image: 6 examples; features [16, 24] of a teacher"),
        out.toString());
    Path more = folder.resolve("images/unknown.png");
    Files.copy(images().get(0), more);
    try {
      DataReport missing = Training.dryRun(config("none", FEATURES), out, 0);
      assertEquals(1L, missing.counts().get(ExampleProblem.MISSING_FEATURES));
      String message = missing.messages().get(ExampleProblem.MISSING_FEATURES).get(0);
      assertTrue(message.contains("no features of 'unknown.png' in "), message);
    } finally {
      Files.delete(more);
    }
    assertFalse(Files.exists(folder.resolve("none")));
  }

  @Test
  void aTeacherWithFewerLayersIsRefused() {
    TrainingConfig config = config("deep", "{siglip: siglip, layers: 4}");
    String message =
        assertThrows(
                InvalidRequestException.class,
                () -> Training.dryRun(config, new StringBuilder(), 0))
            .getMessage();
    assertTrue(message.contains("has 3 layers, 4 were asked for; ask for 1 to 3"), message);
  }
}
