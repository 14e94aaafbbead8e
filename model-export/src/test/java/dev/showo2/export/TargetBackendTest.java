package dev.showo2.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.export.checkpoint.TestCheckpoint;
import dev.showo2.testing.FakeProvider;
import dev.showo2.testing.RegisteredProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The only backend of these tests is a fake that runs fp32. */
class TargetBackendTest {

  @TempDir Path folder;

  private ExportRequest request;

  @BeforeEach
  void writeCheckpoint() throws Exception {
    request =
        ExportRequest.of(
            TestCheckpoint.tiny().write(folder.resolve("checkpoint")), folder.resolve("bundle"));
  }

  @Test
  void checksTheBundle() throws Exception {
    assertEquals(Optional.of("fake"), export(request.withTarget("fake")).checkedBy());
  }

  @Test
  void isAskedForItsPrecisionsBeforeWorkStarts() {
    assertRefused(
        request.withTarget("fake").withPrecision(ExportPrecision.parse("int8,fusion=fp32")),
        "the backend 'fake' runs fp32; asked for was"
            + " text_embedding in int8, backbone in int8, language_head in int8, flow_head in int8:"
            + " choose one of its precisions, or name no target");
  }

  @Test
  void mustBeThere() {
    assertRefused(
        request.withTarget("tensorrt"),
        "there is no backend 'tensorrt' to export for; found were fake: add its artifact, or name"
            + " no target");
  }

  @Test
  void withoutOneNoBackendNeedsToRunThePrecision() throws Exception {
    ExportSummary summary = export(request.withPrecision(ExportPrecision.parse("int8")));
    assertEquals(Optional.empty(), summary.checkedBy());
  }

  private static ExportSummary export(ExportRequest request) throws Exception {
    return RegisteredProvider.using(
        new FakeProvider("fake"), () -> ModelExporter.export(request, ExportListener.NONE));
  }

  private void assertRefused(ExportRequest refused, String message) {
    Exception e = assertThrows(UnsupportedFeatureException.class, () -> export(refused));
    assertEquals(message, e.getMessage());
    assertFalse(Files.exists(refused.bundle()));
  }
}
