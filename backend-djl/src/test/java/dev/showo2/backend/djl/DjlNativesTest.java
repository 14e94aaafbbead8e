package dev.showo2.backend.djl;

import static dev.showo2.testing.Messages.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.BackendException;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DjlNativesTest {

  private static final String LINUX = "linux-x86_64";
  private static final String BRIDGE = System.mapLibraryName("djl_torch");

  @TempDir private Path folder;
  private final List<Path> entries = new ArrayList<>();

  @BeforeEach
  void prepare() throws IOException {
    entries.add(
        DescribedNatives.lines(
            folder.resolve("engine"),
            "pytorch-engine.properties",
            "djl_version=0.36.0",
            "pytorch_version=2.7.1"));
  }

  private void bridge(String version, String... flavors) throws IOException {
    Path entry = folder.resolve("jni");
    DescribedNatives.lines(entry, "jnilib/pytorch.properties", "jni_version=" + version);
    for (String flavor : flavors) {
      DescribedNatives.lines(entry, "jnilib/" + LINUX + "/" + flavor + "/" + BRIDGE);
    }
    entries.add(entry);
  }

  private void natives(String version, String flavor, String platform) throws IOException {
    Path entry = folder.resolve(version + flavor + platform);
    entries.add(DescribedNatives.write(entry, version, flavor, platform));
  }

  private DjlNatives find(String platform) {
    List<URL> urls = new ArrayList<>();
    try {
      for (Path entry : entries) {
        urls.add(entry.toUri().toURL());
      }
      try (URLClassLoader loader = new URLClassLoader(urls.toArray(URL[]::new), null)) {
        return DjlNatives.find(loader, platform);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void assertRefused(String platform, String... parts) {
    assertFails(BackendException.class, () -> find(platform), parts);
  }

  @Test
  void librariesComeAfterThoseThatTheyNeed() throws IOException {
    bridge("2.7.1-0.36.0", "cpu");
    natives("2.7.1-20250812", "cpu", LINUX);
    DjlNatives found = find(LINUX);
    String root = "pytorch/cpu/linux-x86_64/";
    assertEquals(
        List.of(
            root + "libc10.so",
            root + "libgomp.so.1",
            root + "libfbgemm.so",
            root + "libtorch_cpu.so",
            root + "libtorch.so",
            "jnilib/linux-x86_64/cpu/libdjl_torch.so"),
        found.resources());
    assertEquals("ai.djl.pytorch:pytorch-native-cpu:2.7.1:linux-x86_64", found.artifact());
    assertFalse(found.isCuda());
  }

  @Test
  void thoseWithCudaAreTakenBeforeOthers() throws IOException {
    bridge("2.7.1-0.36.0", "cpu", "cu128");
    natives("2.7.1-20250812", "cpu", LINUX);
    natives("2.7.1-20250812", "cu128", LINUX);
    natives("2.7.1-20250812", "cpu", "win-x86_64");
    assertTrue(find(LINUX).isCuda());
  }

  @Test
  void thoseOfThisPlatformAreAskedFor() throws IOException {
    bridge("2.7.1-0.36.0", "cpu");
    assertRefused(
        LINUX, "missing: add ai.djl.pytorch:pytorch-native-cpu:2.7.1:linux-x86_64 (112 MB)");
    natives("2.7.1-20250812", "cpu", "osx-aarch64");
    assertRefused(
        LINUX, "(112 MB), found only ai.djl.pytorch:pytorch-native-cpu:2.7.1:osx-aarch64");
    assertRefused(
        "linux-riscv64",
        "PyTorch has no native libraries for linux-riscv64, only for [linux-x86_64, ");
  }

  /** It has no libraries and makes DJL download some. */
  @Test
  void placeholderIsNotTaken() throws IOException {
    bridge("2.7.1-0.36.0", "cpu");
    entries.add(
        DescribedNatives.lines(
            folder.resolve("auto"),
            "native/lib/pytorch.properties",
            "placeholder=true",
            "version=2.7.1"));
    assertRefused(LINUX, "found only ai.djl.pytorch:pytorch-native-auto, which has none");
  }

  @Test
  void otherVersionsAreRefused() throws IOException {
    bridge("2.7.1-0.36.0", "cpu");
    natives("2.5.1-20241130", "cpu", LINUX);
    assertRefused(
        LINUX,
        "ai.djl.pytorch:pytorch-native-cpu:2.5.1:linux-x86_64 does not fit"
            + " ai.djl.pytorch:pytorch-jni:2.7.1-0.36.0: take"
            + " ai.djl.pytorch:pytorch-native-cpu:2.7.1:linux-x86_64");
  }

  @Test
  void flavorWithoutDjlsLibraryIsRefused() throws IOException {
    bridge("2.7.1-0.36.0", "cpu");
    natives("2.7.1-20250812", "cu118", LINUX);
    assertRefused(LINUX, "pytorch-native-cu118:2.7.1:linux-x86_64 does not fit");
  }

  @Test
  void libraryOfDjlMustBeThereAndFitItsEngine() throws IOException {
    natives("2.7.1-20250812", "cpu", LINUX);
    assertRefused(LINUX, "add ai.djl.pytorch:pytorch-jni:2.7.1-0.36.0");
    bridge("2.5.1-0.32.0", "cpu");
    assertRefused(
        LINUX,
        "ai.djl.pytorch:pytorch-jni:2.5.1-0.32.0 does not fit ai.djl.pytorch:pytorch-engine:0.36.0:"
            + " take ai.djl.pytorch:pytorch-jni:2.7.1-0.36.0");
  }
}
