package dev.showo2.export;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.showo2.error.InvalidModelException;
import dev.showo2.export.checkpoint.TestCheckpoint;
import dev.showo2.export.internal.checkpoint.HubCache;
import dev.showo2.model.Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubCacheTest {

  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
  private static final String OTHER = "89abcdef0123456789abcdef0123456789abcdef";

  @TempDir Path folder;

  @Test
  void repositoryAndSnapshotBearTheNameOfTheModel() throws IOException {
    HubFolder hub = released().main(COMMIT);
    for (Path named : new Path[] {hub.path(), hub.snapshot(COMMIT)}) {
      Path bundle = Files.createTempDirectory(folder, "bundle");
      ModelExporter.export(ExportRequest.of(named, bundle), ExportListener.NONE);
      assertEquals("show-o2-1.5B", Bundle.open(bundle).manifest().name());
    }
  }

  @Test
  void mainTellsWhichSnapshotIsMeant() throws IOException {
    HubFolder hub = released();
    Files.createDirectories(hub.snapshot(OTHER));
    hub.main(COMMIT + "\n");
    assertEquals(hub.snapshot(COMMIT), HubCache.resolve(hub.path()));
  }

  @Test
  void theOnlySnapshotNeedsNoMain() throws IOException {
    HubFolder hub = released();
    assertEquals(hub.snapshot(COMMIT), HubCache.resolve(hub.path()));
  }

  @Test
  void severalSnapshotsWithoutMainAreListed() throws IOException {
    HubFolder hub = released();
    Files.createDirectories(hub.snapshot(OTHER));
    assertRefused(
        hub.path(),
        hub.path() + " has no refs/main that tells its snapshot; name the folder of one of these: ",
        COMMIT + ", " + OTHER);
  }

  @Test
  void snapshotsThatAreNotThere() throws IOException {
    HubFolder hub = released().main(OTHER);
    assertRefused(
        hub.path(),
        "main names the snapshot " + OTHER + ", which is not there",
        "these: " + COMMIT);
    HubFolder empty = HubFolder.create(folder, "showlab/show-o2-7B");
    Files.createDirectories(empty.snapshot(COMMIT).getParent());
    assertRefused(empty.path(), "there is no snapshot: download the model again");
  }

  @Test
  void mainDoesNotLeaveTheFolder() throws IOException {
    HubFolder hub = released();
    for (String evil : new String[] {"../../..", "/etc", "a/b", "", "a".repeat(2000)}) {
      hub.main(evil);
      assertRefused(hub.path(), "main should hold the name of a snapshot");
    }
  }

  @Test
  void partsLieInRepositoriesOfTheirOwn() throws IOException {
    Path files = TestCheckpoint.tiny().write(folder.resolve("files"));
    Files.move(files.resolve("vae.pth"), files.resolve("Wan2.1_VAE.pth"));
    HubFolder wan =
        HubFolder.create(folder, "Wan-AI/Wan2.1-T2V-14B")
            .snapshot(COMMIT, files, "Wan2.1_VAE.pth")
            .main(COMMIT);
    HubFolder qwen =
        HubFolder.create(folder, "Qwen/Qwen2.5-1.5B-Instruct")
            .snapshot(OTHER, files, "tokenizer.json");
    HubFolder hub = HubFolder.create(folder, "showlab/show-o2-1.5B").snapshot(COMMIT, files);
    Path bundle = folder.resolve("bundle");
    ModelExporter.export(
        ExportRequest.of(
            hub.path(), bundle, Optional.of(wan.path()), Optional.of(qwen.snapshot(OTHER))),
        ExportListener.NONE);
    assertEquals("show-o2-1.5B", Bundle.open(bundle).manifest().name());
  }

  @Test
  void interruptedDownloadsAreListedWithLinkAndTarget() throws IOException {
    HubFolder hub = released();
    for (String name :
        new String[] {"config.json", "tokenizer.json", "vae.pth", "pytorch_model.bin"}) {
      Files.delete(hub.blob(name));
    }
    Path snapshot = hub.snapshot(COMMIT);
    String target =
        " is a link to " + Path.of("..", "..", "blobs") + snapshot.getFileSystem().getSeparator();
    assertRefused(
        hub.path(),
        "lacks config.json: " + snapshot.resolve("config.json") + target,
        snapshot.resolve("tokenizer.json") + target,
        snapshot.resolve("vae.pth") + target,
        "the weights: " + snapshot.resolve("pytorch_model.bin") + target,
        "the download was interrupted");
  }

  @Test
  void interruptedDownloadsOfWeightsOrArchJson() throws IOException {
    for (String name : new String[] {"pytorch_model.bin", "arch.json"}) {
      HubFolder hub = released(name);
      Files.delete(hub.blob(name));
      assertRefused(
          hub.path(), hub.snapshot(COMMIT).resolve(name) + " is a link to ", "which is not there");
    }
  }

  private HubFolder released() throws IOException {
    return released("cache");
  }

  private HubFolder released(String cache) throws IOException {
    Path files = TestCheckpoint.tiny().write(folder.resolve("files"));
    return HubFolder.create(folder.resolve(cache + ".hub"), "showlab/show-o2-1.5B")
        .snapshot(COMMIT, files);
  }

  private void assertRefused(Path checkpoint, String... parts) throws IOException {
    Leftovers.assertRefused(
        InvalidModelException.class,
        ExportRequest.of(checkpoint, folder.resolve("bundle")),
        ExportListener.NONE,
        parts);
  }
}
