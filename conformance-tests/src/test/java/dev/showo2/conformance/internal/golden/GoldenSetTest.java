package dev.showo2.conformance.internal.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.conformance.golden.GoldenSet;
import dev.showo2.conformance.internal.golden.SafetensorsBytes.Ids;
import dev.showo2.conformance.internal.golden.pass.Span;
import dev.showo2.error.InvalidModelException;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GoldenSetTest {

  private static final Map<String, Object> TENSORS =
      Map.of(
          "x", new HostTensor(Shape.of(2, 3), new float[] {1, 2, 3, 4, 5, 6}),
          "ids", new Ids(Shape.of(2), 7, -8));

  @TempDir Path directory;
  private GoldenFolder folder;

  @BeforeEach
  void writeACase() {
    folder = new GoldenFolder(directory.resolve("checkpoint"));
    folder.add("one", "fusion", TENSORS, "{\"spans\": [[[1, 2]]], \"seed\": 5}");
  }

  private static void assertRefused(String part, Executable executable) {
    String message = assertThrows(InvalidModelException.class, executable).getMessage();
    assertTrue(message.contains(part), message);
  }

  private RecordedCase only() {
    return RecordedCase.of(folder.open().cases().get(0));
  }

  @Test
  void aCaseHasItsNameTensorsAndSettings() {
    GoldenSet set = folder.open();
    RecordedCase golden = RecordedCase.of(set.cases().get(0));
    assertEquals("test", set.checkpoint());
    assertEquals("one", golden.name());
    assertEquals("fusion", golden.stage());
    assertEquals(Shape.of(2, 3), golden.shape("x", 2));
    assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, golden.floats("x").values());
    assertArrayEquals(new long[] {7, -8}, golden.integers("ids"));
    assertEquals(List.of(List.of(new Span(1, 2))), golden.spans(1));
    assertEquals(5, golden.settings().integer("seed", 0, 10));
    golden.requireIntact();
  }

  @Test
  void theCheckpointsFolderLeadsToItsGoldens() {
    folder.open();
    assertEquals(1, GoldenSet.open(directory.resolve("checkpoint")).cases().size());
  }

  @Test
  void aRenamedCopyIsReadAndNotWhatLiesBesideIt() throws IOException {
    folder.open();
    Path goldens = directory.resolve("checkpoint/goldens");
    Path copy = Files.createDirectory(directory.resolve("checkpoint/altered"));
    Files.copy(goldens.resolve("cases.json"), copy.resolve("cases.json"));
    RecordedCase golden = RecordedCase.of(GoldenSet.open(copy).cases().get(0));
    assertRefused("there is no file 'goldens/one.safetensors'", golden::requireIntact);
    Files.copy(goldens.resolve("one.safetensors"), copy.resolve("one.safetensors"));
    golden.requireIntact();
  }

  @Test
  void filesOfTheCheckpointCanBeNamed() {
    folder.write("samples/a.png", new byte[3]).set("image", "\"samples/a.png\"");
    assertEquals(
        directory.resolve("checkpoint/samples/a.png").toAbsolutePath(), only().file("image"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../x.safetensors", "goldens/../../x", "/etc/hostname", "", "goldens/a/../../b"})
  void pathsThatLeaveTheFolderAreRefused(String path) {
    folder.set("file", "\"" + path + "\"");
    assertRefused("leaves the folder", folder::open);
  }

  @Test
  void aFileThatIsMissingIsNamed() {
    folder.set("file", "\"goldens/nowhere.safetensors\"");
    assertRefused("goldens/nowhere.safetensors", () -> only().requireIntact());
  }

  @Test
  void aTensorThatIsAnnouncedMustBeThere() {
    folder.set("tensors", "{\"y\": {\"shape\": [1], \"dtype\": \"float32\"}}");
    assertRefused("no tensor 'y'", () -> only().requireIntact());
    assertRefused("no tensor 'y'", () -> only().floats("y"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"shape\": [3, 2], \"dtype\": \"float32\"}",
        "{\"shape\": [6], \"dtype\": \"float32\"}",
        "{\"shape\": [2, 3], \"dtype\": \"float16\"}"
      })
  void aTensorThatIsNotAsAnnouncedIsRefused(String announced) {
    folder.set("tensors", "{\"x\": " + announced + "}");
    assertRefused("'x' is announced as", () -> only().requireIntact());
    assertRefused("'x' is announced as", () -> only().floats("x"));
  }

  @Test
  void aTensorThatIsNotAnnouncedIsNotRead() {
    folder.set("tensors", "{\"x\": {\"shape\": [2, 3], \"dtype\": \"float32\"}}");
    assertRefused("no tensor 'ids' is announced", () -> only().integers("ids"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"x\": 5}",
        "{\"x\": {\"shape\": [2, 3]}}",
        "{\"x\": {\"shape\": [-2, 3], \"dtype\": \"float32\"}}",
        "{\"x\": {\"shape\": [2, 3], \"dtype\": \"complex64\"}}",
        "[]"
      })
  void malformedAnnouncementsAreRefused(String tensors) {
    folder.set("tensors", tensors);
    assertThrows(InvalidModelException.class, folder::open);
  }

  @Test
  void spansMustMatchTheSequences() {
    assertRefused("one list for each of 2 sequences", () -> only().spans(2));
  }

  @Test
  void twoCasesOfOneNameAreRefused() {
    folder.add("one", "fusion", TENSORS, "{}");
    assertRefused("two cases are named 'one'", folder::open);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{}", "{\"checkpoint\": \"x\"}", "{\"cases\": 3}", "{nonsense"})
  void aListThatIsNoneIsRefused(String json) throws IOException {
    Path file = Files.writeString(directory.resolve("cases.json"), json);
    assertThrows(InvalidModelException.class, () -> GoldenSet.open(file.getParent()));
  }

  @Test
  void aFolderWithoutCasesIsRefused() {
    assertRefused("no cases.json in ", () -> GoldenSet.open(directory));
  }

  @Test
  void aCutFileIsRefused() throws IOException {
    RecordedCase golden = only();
    Path file = directory.resolve("checkpoint/goldens/one.safetensors");
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
    assertThrows(InvalidModelException.class, golden::requireIntact);
  }
}
