package dev.showo2.export.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.InvalidModelException;
import dev.showo2.export.ExportListener;
import dev.showo2.export.ExportRequest;
import dev.showo2.export.ModelExporter;
import dev.showo2.export.synthetic.SyntheticCheckpoint;
import dev.showo2.export.synthetic.SyntheticModels;
import dev.showo2.export.synthetic.SyntheticRequest;
import dev.showo2.model.Architecture;
import dev.showo2.model.Bundle;
import dev.showo2.model.Integrity;
import dev.showo2.model.Precision;
import dev.showo2.stage.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleInspectionTest {

  private static final Architecture TINY = SyntheticModels.architecture("tiny").orElseThrow();

  @TempDir private Path folder;

  private Path bundle;

  @BeforeEach
  void export() throws IOException {
    Path checkpoint = folder.resolve("made-up");
    bundle = folder.resolve("bundle");
    SyntheticCheckpoint.write(checkpoint, SyntheticRequest.of(TINY, 1));
    ModelExporter.exportUnchecked(ExportRequest.of(checkpoint, bundle), ExportListener.NONE);
  }

  @Test
  void aBundleTellsWhatItsManifestSays() {
    BundleInspection found = inspect();
    Bundle opened = Bundle.open(bundle, Integrity.SIZES);
    assertEquals("made-up", found.name());
    assertEquals(2, found.formatVersion());
    assertEquals(opened.hash(), found.hash());
    assertEquals(opened.manifest().files(), found.listed());
    assertEquals(opened.manifest().graphs(), found.graphs());
    assertEquals(Optional.of("tiny"), found.model());
    assertEquals(508, found.tokens());
    Map<Stage, Precision> precisions = new EnumMap<>(Stage.class);
    opened.manifest().graphs().forEach(graph -> precisions.put(graph.stage(), Precision.FP32));
    assertEquals(precisions, found.precisions());
    assertEquals(Stage.values().length, precisions.size());
  }

  /** What is expected for 32-bit floats is what an export wrote. */
  @Test
  void theExpectedSizesAreThoseThatCame() {
    BundleInspection found = inspect();
    long weights = found.weights().stream().mapToLong(WeightCount::bytes).sum();
    MemoryEstimate expected = found.memory().get(Precision.FP32);
    assertEquals(weights, expected.weightBytes());
    long headers = 6L * 40_000;
    long written = found.files().stream().mapToLong(Inspection.FileSize::bytes).sum();
    assertTrue(
        written >= expected.bundleBytes() && written < expected.bundleBytes() + headers,
        () -> written + " and " + expected);
  }

  @Test
  void onlyHashesFindDamageThatLeavesTheSize() throws IOException {
    assertEquals(List.of(), Inspector.altered(inspect()));
    Path text = bundle.resolve("text.safetensors");
    byte[] bytes = Files.readAllBytes(text);
    bytes[bytes.length - 1] ^= 1;
    Files.write(text, bytes);
    BundleInspection found = inspect();
    List<AlteredFile> altered = Inspector.altered(found);
    assertEquals(1, altered.size());
    assertEquals("text.safetensors", altered.get(0).name());
    assertEquals(found.listed().get(0).sha256(), altered.get(0).expected());
  }

  @Test
  void truncationIsToldInTheWordsOfTheReader() throws IOException {
    Files.write(bundle.resolve("text.safetensors"), new byte[10]);
    String message =
        assertThrows(InvalidModelException.class, () -> Inspector.inspect(bundle)).getMessage();
    assertTrue(message.contains("it is truncated or altered"), message);
  }

  private BundleInspection inspect() {
    return assertInstanceOf(BundleInspection.class, Inspector.inspect(bundle));
  }
}
