package dev.showo2.model;

import static dev.showo2.testing.Messages.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.showo2.error.InvalidModelException;
import dev.showo2.testing.FakeBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Symbolic links may lead to a bundle, but not out of it. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "links need a privilege there")
class BundleLinkTest {

  @TempDir Path folder;
  private Path bundle;

  @BeforeEach
  void write() throws IOException {
    bundle = FakeBundle.write(folder.resolve("bundle"));
  }

  @ParameterizedTest
  @ValueSource(strings = {FakeBundle.GRAPH, Bundle.TOKENIZER_FILE, BundleManifest.FILE_NAME})
  void refusesALinkOutOfTheDirectory(String name) throws IOException {
    Path outside = Files.move(bundle.resolve(name), folder.resolve("outside"));
    Files.createSymbolicLink(bundle.resolve(name), outside);
    assertFails(
        InvalidModelException.class,
        () -> Bundle.open(bundle, Integrity.SIZES),
        bundle.resolve(name) + " is a link to ",
        "outside, outside the bundle; put the file itself into the bundle's directory");
  }

  @Test
  void aBundleInAHubCacheTellsHowToGetAPlainFolder() throws IOException {
    Path blobs = Files.createDirectories(folder.resolve("models--me--bundle/blobs"));
    Path name = bundle.resolve(BundleManifest.FILE_NAME);
    Files.createSymbolicLink(name, Files.move(name, blobs.resolve("0a1b")));
    assertFails(
        InvalidModelException.class,
        () -> Bundle.open(bundle, Integrity.SIZES),
        "outside the bundle; put the file itself into the bundle's directory. This is a cache of"
            + " Hugging Face's hub",
        "hf download REPOSITORY --local-dir FOLDER, or copy it with cp -rL");
  }

  @Test
  void followsALinkToAFileInTheSameDirectory() throws IOException {
    Path real = Files.move(bundle.resolve(FakeBundle.GRAPH), bundle.resolve("real"));
    Files.createSymbolicLink(bundle.resolve(FakeBundle.GRAPH), real.getFileName());
    assertEquals("fake", Bundle.open(bundle).manifest().name());
  }

  @Test
  void followsALinkToTheDirectory() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), bundle);
    assertEquals(link, Bundle.open(link).directory());
  }

  @Test
  void aLinkToNowhereIsAMissingFile() throws IOException {
    Files.delete(bundle.resolve(FakeBundle.GRAPH));
    Files.createSymbolicLink(bundle.resolve(FakeBundle.GRAPH), folder.resolve("nowhere"));
    assertFails(InvalidModelException.class, () -> Bundle.open(bundle), "is missing");
  }
}
