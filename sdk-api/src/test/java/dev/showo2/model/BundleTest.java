package dev.showo2.model;

import static dev.showo2.testing.Messages.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.InvalidModelException;
import dev.showo2.model.internal.Sha256;
import dev.showo2.stage.Stage;
import dev.showo2.testing.FakeBundle;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BundleTest {

  @TempDir Path folder;
  private Path bundle;

  @BeforeEach
  void write() throws IOException {
    bundle = FakeBundle.write(folder.resolve("bundle"));
  }

  @ParameterizedTest
  @EnumSource(Integrity.class)
  void opensACompleteBundle(Integrity integrity) {
    Bundle opened = Bundle.open(bundle, integrity);
    assertEquals(FakeBundle.manifest(4), opened.manifest());
    assertEquals(FakeBundle.architecture(4), opened.architecture());
    assertEquals(bundle, opened.directory());
    assertEquals(bundle.resolve("tokenizer.json"), opened.tokenizer());
    assertEquals(
        Optional.of(bundle.resolve(FakeBundle.GRAPH)),
        opened.graph(Stage.BACKBONE, GraphFile.PORTABLE));
    assertEquals(Optional.empty(), opened.graph(Stage.BACKBONE, "ort"));
    assertEquals(Optional.empty(), opened.graph(Stage.FUSION, GraphFile.PORTABLE));
    assertEquals("bundle fake at " + bundle, opened.toString());
  }

  @Test
  void hashIsThatOfTheManifest() throws IOException {
    assertEquals(Sha256.of(bundle.resolve("showo2.json")), Bundle.open(bundle).hash());
    assertTrue(Bundle.open(bundle).hash().matches("[0-9a-f]{64}"));
  }

  @Test
  void saysThatThereIsNoBundle() {
    assertFails(
        InvalidModelException.class,
        () -> Bundle.open(folder),
        "no bundle at " + folder,
        "no showo2.json",
        "export a checkpoint");
    assertFails(
        InvalidModelException.class, () -> Bundle.open(folder.resolve("nowhere")), "no bundle at");
  }

  @ParameterizedTest
  @EnumSource(Integrity.class)
  void noticesAMissingFile(Integrity integrity) throws IOException {
    Files.delete(bundle.resolve(FakeBundle.GRAPH));
    assertFails(
        InvalidModelException.class,
        () -> Bundle.open(bundle, integrity),
        bundle.resolve(FakeBundle.GRAPH) + " is missing",
        "export the checkpoint again");
  }

  @ParameterizedTest
  @EnumSource(Integrity.class)
  void noticesATruncatedFile(Integrity integrity) throws IOException {
    Files.write(bundle.resolve(FakeBundle.GRAPH), new byte[] {1, 2, 3});
    assertFails(
        InvalidModelException.class,
        () -> Bundle.open(bundle, integrity),
        FakeBundle.GRAPH + " should have 4 bytes, found 3",
        "truncated or altered");
  }

  @Test
  void hashesNoticeEveryAlteredFile() throws IOException {
    alter(FakeBundle.GRAPH);
    alter(Bundle.TOKENIZER_FILE);
    assertFails(
        InvalidModelException.class,
        () -> Bundle.open(bundle),
        bundle.resolve(FakeBundle.GRAPH) + " was altered: its SHA-256 should be 9f64a747e1b97f131f",
        "found ",
        "; " + bundle.resolve(FakeBundle.GRAPH),
        bundle.resolve(Bundle.TOKENIZER_FILE) + " was altered");
  }

  @Test
  void sizesDoNotNoticeAnAlteredByte() throws IOException {
    alter(FakeBundle.GRAPH);
    assertEquals("fake", Bundle.open(bundle, Integrity.SIZES).manifest().name());
  }

  @Test
  void refusesAManifestThatIsTooLarge() throws IOException {
    try (RandomAccessFile file =
        new RandomAccessFile(bundle.resolve("showo2.json").toFile(), "rw")) {
      file.setLength((16 << 20) + 1);
    }
    assertFails(
        InvalidModelException.class,
        () -> Bundle.open(bundle),
        "showo2.json has more than 16777216 bytes");
  }

  @Test
  void refusesAManifestThatIsNotUtf8() throws IOException {
    byte[] latin = FakeBundle.manifest(4).toJson().getBytes(StandardCharsets.UTF_16);
    Files.write(bundle.resolve("showo2.json"), latin);
    assertFails(InvalidModelException.class, () -> Bundle.open(bundle), "not valid UTF-8");
  }

  @Test
  void refusesABundleWithoutTokenizer() throws IOException {
    rewrite("\"tokenizer.json\"", "\"other.json\"");
    assertFails(InvalidModelException.class, () -> Bundle.open(bundle), "lists no tokenizer.json");
  }

  @Test
  void refusesAGraphThatIsNotListed() throws IOException {
    rewrite("\"file\": \"backbone.onnx\"", "\"file\": \"other.onnx\"");
    assertFails(
        InvalidModelException.class,
        () -> Bundle.open(bundle),
        "names the graph other.onnx but does not list it");
  }

  private void alter(String file) throws IOException {
    byte[] bytes = Files.readAllBytes(bundle.resolve(file));
    bytes[1] ^= 1;
    Files.write(bundle.resolve(file), bytes);
  }

  private void rewrite(String from, String to) throws IOException {
    String manifest = Files.readString(bundle.resolve("showo2.json"));
    Files.writeString(bundle.resolve("showo2.json"), manifest.replace(from, to));
  }
}
