package dev.showo2.export;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.showo2.model.Bundle;
import dev.showo2.model.BundleFile;
import dev.showo2.model.BundleManifest;
import dev.showo2.model.GraphFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;

/** Folders of intact files under any manifest. Everything that opens is within the folder. */
class BundleFuzzTest {

  @TempDir static Path folder;

  @BeforeAll
  static void writeFiles() throws IOException {
    for (String name : new String[] {Bundle.TOKENIZER_FILE, FuzzedManifest.GRAPH}) {
      Files.write(folder.resolve(name), FuzzedManifest.CONTENTS);
    }
  }

  @Timeout(10)
  @MethodSource("seeds")
  @FuzzTest
  void bundlesAreOpenedOrRefused(byte[] manifest) throws Exception {
    UntrustedInput.overwrite(folder.resolve(BundleManifest.FILE_NAME), manifest);
    Optional<Bundle> opened =
        UntrustedInput.readOrRefuse(manifest.length, () -> Bundle.open(folder));
    opened.ifPresent(BundleFuzzTest::assertInside);
  }

  private static void assertInside(Bundle bundle) {
    BundleManifest manifest = bundle.manifest();
    Stream<String> names =
        Stream.concat(
            manifest.files().stream().map(BundleFile::name),
            manifest.graphs().stream().map(GraphFile::file));
    names.forEach(name -> assertEquals(folder, folder.resolve(name).normalize().getParent(), name));
  }

  static Stream<Named<byte[]>> seeds() {
    return Stream.of(
        Named.of("whole", FuzzedManifest.seed().getBytes(StandardCharsets.UTF_8)),
        Named.of("empty", "{}".getBytes(StandardCharsets.UTF_8)));
  }
}
