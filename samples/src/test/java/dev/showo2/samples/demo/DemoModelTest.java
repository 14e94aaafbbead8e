package dev.showo2.samples.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.InvalidModelException;
import dev.showo2.model.Bundle;
import dev.showo2.samples.testing.TestCache;
import dev.showo2.samples.testing.Trees;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoModelTest {

  @TempDir private Path cache;

  private final List<String> notes = new ArrayList<>();
  private final DemoListener listener =
      new DemoListener() {
        @Override
        public void note(String what) {
          notes.add(what);
        }
      };

  private static List<Object> identity(Path bundle) throws IOException {
    List<Object> identity = new ArrayList<>();
    for (String name : Trees.names(bundle)) {
      BasicFileAttributes attributes =
          Files.readAttributes(bundle.resolve(name), BasicFileAttributes.class);
      identity.add(List.of(name, attributes.lastModifiedTime(), "" + attributes.fileKey()));
    }
    return identity;
  }

  @Test
  void isMadeOnceAndFoundAfterwards() throws IOException {
    Path made = DemoModel.bundle(cache.resolve("new/folder"), listener);
    List<Object> identity = identity(made);

    assertEquals(made, DemoModel.bundle(cache.resolve("new/folder"), listener));
    assertEquals(identity, identity(made));
    assertEquals(1, notes.size(), notes.toString());
    assertTrue(notes.get(0).contains(made.toString()), notes.toString());
    assertEquals(List.of(DemoModel.bundleName(), "demo.lock"), Trees.names(made.getParent()));
  }

  @Test
  void damagedBundleIsMadeAnewAndLeftoversGo() throws IOException {
    Path bundle = cache.resolve(DemoModel.bundleName());
    Trees.copy(TestCache.bundle(), bundle);
    Trees.damage(bundle.resolve("flow_head.safetensors"));
    Path leftover = Files.createDirectory(cache.resolve(".demo-0123.partial-77"));
    Files.writeString(leftover.resolve("backbone.onnx"), "half");

    assertEquals(bundle, DemoModel.bundle(cache, listener));
    assertEquals(Bundle.open(TestCache.bundle()).hash(), Bundle.open(bundle).hash());
    assertEquals(2, notes.size(), notes.toString());
    assertTrue(notes.get(0).contains("flow_head.safetensors was altered"), notes.toString());
    assertEquals(List.of(bundle.getFileName().toString(), "demo.lock"), Trees.names(cache));
  }

  @Test
  void bundleOfSomebodyFasterIsTaken() throws IOException {
    Path intact = TestCache.bundle();
    BundleCache faster =
        new BundleCache(
            cache,
            "demo-x",
            (bundle, told) -> {
              Trees.copy(intact, bundle);
              throw new FileAlreadyExistsException(bundle.toString());
            });
    assertEquals(cache.resolve("demo-x"), faster.bundle(listener));
  }

  @Test
  void damagedBundleOfSomebodyFasterIsNotTaken() throws IOException {
    BundleCache faster =
        new BundleCache(
            cache,
            "demo-x",
            (bundle, told) -> {
              Files.createDirectory(bundle);
              throw new FileAlreadyExistsException(bundle.toString());
            });
    assertThrows(InvalidModelException.class, () -> faster.bundle(listener));
  }

  @Test
  void interruptKeepsWhatIsThere() throws IOException {
    Path bundle = Trees.copy(TestCache.bundle(), cache.resolve(DemoModel.bundleName()));
    List<Object> identity = identity(bundle);
    Thread.currentThread().interrupt();
    try {
      DemoModel.bundle(cache, listener);
    } catch (IOException | RuntimeException e) {
      // Whether reading notices the interrupt or not, the bundle stays.
      assertTrue(Thread.currentThread().isInterrupted(), e.toString());
    } finally {
      Thread.interrupted();
    }
    assertEquals(identity, identity(bundle));
  }

  @Test
  void cacheFoldersThatCannotBeUsedNameTheVariable() throws IOException {
    Path taken = Files.writeString(cache.resolve("taken"), "a file");
    String said =
        assertThrows(IOException.class, () -> DemoModel.bundle(taken, DemoListener.QUIET))
            .getMessage();
    assertTrue(said.contains(taken + " for the demo model cannot be made"), said);
    assertTrue(said.contains("set SHOWO2_CACHE to a folder"), said);
    Path locked = Files.createDirectory(cache.resolve("locked"));
    // As read-only folders and full disks do, this lets the first file fail.
    Files.createDirectory(locked.resolve(BundleCache.LOCK));
    said =
        assertThrows(IOException.class, () -> DemoModel.bundle(locked, DemoListener.QUIET))
            .getMessage();
    assertTrue(said.contains(locked + " for the demo model cannot be written to"), said);
    assertTrue(said.contains("set SHOWO2_CACHE to a folder"), said);
  }
}
