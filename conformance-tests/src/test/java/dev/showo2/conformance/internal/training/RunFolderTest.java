package dev.showo2.conformance.internal.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.conformance.Fixtures;
import dev.showo2.conformance.internal.golden.SafetensorsBytes.Ids;
import dev.showo2.error.InvalidModelException;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.train.spi.TrainingBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RunFolderTest {

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"tiny-a", "tiny-b"})
  void theOfficialRunsAreRead(String checkpoint) {
    try (Fixtures fixtures = Fixtures.open()) {
      RunFolder recorded = RunFolder.open(fixtures.path("training/" + checkpoint));
      assertEquals(checkpoint, recorded.name());
      assertEquals(
          List.of("stage_one", "stage_two", "stage_two_decay_accumulate", "video", "interleaved"),
          recorded.runs().stream().map(RecordedRun::name).toList());
      for (RecordedRun run : recorded.runs()) {
        try (RunTensors tensors = RunTensors.open(run)) {
          assertEquals(run.steps(), tensors.figures("fp32").lossNtp().length);
          for (int i = 0; i < run.batches(); i++) {
            TrainingBatch batch = tensors.batch(i);
            assertEquals(batch.times().length, batch.latents().shape().dimension(0));
          }
        }
      }
    }
  }

  @Test
  void theOfficialRowsAreRead() {
    try (Fixtures fixtures = Fixtures.open()) {
      RunFolder recorded = RunFolder.open(fixtures.path("training/tiny-a"));
      assertEquals(53, recorded.rows().size());
      assertEquals(
          List.of("text_to_image", "caption", "conversation", "interleaved"), recorded.kinds());
      assertEquals(List.of(), RunFolder.open(fixtures.path("training/tiny-b")).rows());
    }
  }

  private String refused(RecordedToyRun run) {
    return assertThrows(InvalidModelException.class, run::open).getMessage();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "group_rule | \"stage_three\" | stage_one or stage_two",
        "schedule | \"linear\" | constant_with_warmup or cosine",
        "lr | [1e-3, 1e-3] | a rate for each of 1 groups",
        "lr | [-1] | finite rates of at least 0",
        "lr | [\"x\"] | finite rates of at least 0",
        "steps | 0 | steps",
        "steps | 1e12 | steps",
        "batches | 1.5 | batches",
        "accumulate | null | accumulate",
        "weight_decay | -1 | a number of at least 0",
        "max_grad_norm | 0 | a number above 0",
        "parameters | [\"a\", \"a\"] | each name once",
        "file | \"../toy.safetensors\" | leaves the folder",
        "file | \"/etc/passwd\" | leaves the folder",
        "file | \"other.safetensors\" | there is no file"
      })
  void aWrongSettingIsNamed(String field, String value, String mention) {
    String message = refused(RecordedToyRun.record(folder).set(field, value));
    assertTrue(message.contains(mention), message);
  }

  @Test
  void aFolderWithoutRunsIsSaidToBeOne() {
    String message =
        assertThrows(InvalidModelException.class, () -> RunFolder.open(folder)).getMessage();
    assertTrue(message.startsWith("no runs.json and no rows.json in " + folder), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "{}", "[1]", "[{}]", "[], \"more\": []", "[", "[{\"name\": 1}]"})
  void whatIsNoListOfRunsIsRefused(String text) throws IOException {
    for (String name : List.of("runs.json", "rows.json")) {
      Path file = Files.writeString(folder.resolve(name), text);
      String message =
          assertThrows(InvalidModelException.class, () -> RunFolder.open(folder)).getMessage();
      assertTrue(message.startsWith(file.toString()), message);
      Files.delete(file);
    }
  }

  @Test
  void twoRunsOfOneNameAreRefused() throws IOException {
    RecordedToyRun.record(folder).write();
    Path file = folder.resolve("runs.json");
    String one = Files.readString(file).replaceAll("^\\[|\\]$", "");
    Files.writeString(file, "[" + one + "," + one + "]");
    String message =
        assertThrows(InvalidModelException.class, () -> RunFolder.open(folder)).getMessage();
    assertTrue(message.endsWith("two runs are named 'toy'"), message);
  }

  @ParameterizedTest
  @CsvSource({"labels", "positions", "image_mask", "t", "x_t", "target", "tokens"})
  void aTensorThatIsMissingIsNamed(String tensor) throws IOException {
    RecordedToyRun run = RecordedToyRun.record(folder);
    run.tensors.remove("batch.1." + tensor);
    assertTrue(broken(run).contains("batch.1." + tensor));
  }

  @Test
  void tensorsThatDoNotFitTogetherAreRefused() throws IOException {
    RecordedToyRun run = RecordedToyRun.record(folder);
    run.tensors.put("batch.1.positions", new Ids(Shape.of(1, 1, 2), 1, 9));
    assertTrue(broken(run).contains("batch.1.*: "));
    run.tensors.put("batch.1.positions", new Ids(Shape.of(1, 2, 2), 1, 2, 0, 0));
    assertTrue(broken(run).contains("need as many latents"));
    run.tensors.put("batch.1.positions", new Ids(Shape.of(1, 1, 2), 1L << 40, 9));
    assertTrue(broken(run).contains("32 bits"));
    run.tensors.put("batch.1.image_mask", new Ids(Shape.of(1, 4), 0, 1, 2, 0));
    assertTrue(broken(run).contains("batch.1.*: "));
    run.tensors.put("batch.1.labels", new Ids(Shape.of(1, 3), 0, 1, 2));
    assertTrue(broken(run).contains("'batch.1.labels' should have the shape"));
  }

  private String broken(RecordedToyRun run) throws IOException {
    RecordedRun read = run.open().runs().get(0);
    try (RunTensors tensors = RunTensors.open(read)) {
      return assertThrows(InvalidModelException.class, () -> tensors.batch(1)).getMessage();
    }
  }

  @Test
  void figuresHaveTheirShapesAndAreFinite() throws IOException {
    RecordedToyRun run = RecordedToyRun.record(folder);
    run.tensors.put("fp32.lr", new HostTensor(Shape.of(5), new float[5]));
    assertTrue(figures(run).contains("'fp32.lr' should have the shape"));
    run.tensors.put(
        "fp32.loss_ntp", new HostTensor(Shape.of(5), new float[] {1, 2, Float.NaN, 4, 5}));
    assertTrue(figures(run).contains("'fp32.loss_ntp' holds NaN"));
    run.tensors.remove("fp32.loss_ntp");
    assertTrue(figures(run).contains("no tensor 'fp32.loss_ntp'"));
  }

  private String figures(RecordedToyRun run) throws IOException {
    RecordedRun read = run.open().runs().get(0);
    try (RunTensors tensors = RunTensors.open(read)) {
      return assertThrows(InvalidModelException.class, () -> tensors.figures("fp32")).getMessage();
    }
  }
}
