package dev.showo2.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.InvalidModelException;
import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.export.checkpoint.TestCheckpoint;
import dev.showo2.export.checkpoint.TinyArchitecture;
import dev.showo2.model.Bundle;
import dev.showo2.model.Precision;
import dev.showo2.stage.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConvertedBundleTest {

  @TempDir Path folder;

  private Path checkpoint;

  @BeforeEach
  void writeCheckpoint() throws Exception {
    // One name for all, because bundles are named after their checkpoint's folder.
    checkpoint = TestCheckpoint.of(TinyArchitecture.UNTIED).write(folder.resolve("model"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"fp16", "bf16", "int8", "int4", "int8,flow-head=bf16,vae=fp16"})
  void areWhatTheCheckpointIsExportedTo(String precision) throws IOException {
    Path whole = export("fp32");
    Path converted = folder.resolve("converted");
    ModelExporter.convert(whole, converted, ExportPrecision.parse(precision), ExportListener.NONE);
    assertEquals(Bundle.open(export(precision)).hash(), Bundle.open(converted).hash());
  }

  @Test
  void halvesAreMadeIntegers() throws IOException {
    Path converted = folder.resolve("converted");
    ModelExporter.convert(
        export("bf16"), converted, ExportPrecision.of(Precision.INT8), ExportListener.NONE);
    assertEquals(Precision.INT8, Bundle.open(converted).manifest().precision().of(Stage.BACKBONE));
  }

  /** The kernels for images are cut out of those for videos. */
  @Test
  void halvesOfTheVaeStayAsTheyAre() throws IOException {
    Path halves = export("vae=fp16");
    Path converted = folder.resolve("converted");
    ModelExporter.convert(
        halves, converted, ExportPrecision.parse("vae=fp16"), ExportListener.NONE);
    assertEquals(Bundle.open(halves).hash(), Bundle.open(converted).hash());
  }

  @Test
  void integersAreNotConverted() throws IOException {
    Path integers = export("backbone=int8");
    Path target = folder.resolve("converted");
    Exception e =
        assertThrows(
            UnsupportedFeatureException.class,
            () ->
                ModelExporter.convert(integers, target, ExportPrecision.FP32, ExportListener.NONE));
    assertTrue(e.getMessage().contains("keeps backbone in int8; a bundle in fp32"), e::getMessage);
    assertFalse(Files.exists(target));
  }

  @Test
  void damagedBundlesAreRefused() throws IOException {
    Path bundle = export("fp32");
    Files.write(bundle.resolve("fusion.safetensors"), new byte[8]);
    Path target = folder.resolve("converted");
    assertThrows(
        InvalidModelException.class,
        () -> ModelExporter.convert(bundle, target, ExportPrecision.FP32, ExportListener.NONE));
    assertFalse(Files.exists(target));
  }

  private Path export(String precision) throws IOException {
    Path bundle = folder.resolve("bundle-" + precision);
    ModelExporter.export(
        ExportRequest.of(checkpoint, bundle).withPrecision(ExportPrecision.parse(precision)),
        ExportListener.NONE);
    return bundle;
  }
}
