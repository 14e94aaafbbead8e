package dev.showo2.export;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.showo2.model.BundleManifest;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;

/** Manifests alone. One that is read says the same when it is written and read again. */
class ManifestFuzzTest {

  @Timeout(10)
  @MethodSource("seeds")
  @FuzzTest
  void manifestsAreReadOrRefused(byte[] json) throws Exception {
    String text = new String(json, StandardCharsets.UTF_8);
    Optional<BundleManifest> read =
        UntrustedInput.readOrRefuse(json.length, () -> BundleManifest.parse(text, "fuzzed"));
    read.ifPresent(
        manifest ->
            assertEquals(manifest, BundleManifest.parse(manifest.toJson(), "written again")));
  }

  static Stream<Named<byte[]>> seeds() {
    return Stream.of(
        Named.of("whole", FuzzedManifest.seed().getBytes(StandardCharsets.UTF_8)),
        Named.of("of another version", "{\"format_version\":2}".getBytes(StandardCharsets.UTF_8)));
  }
}
