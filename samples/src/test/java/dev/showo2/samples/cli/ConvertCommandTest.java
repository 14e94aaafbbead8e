package dev.showo2.samples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.conformance.Fixtures;
import dev.showo2.model.Bundle;
import dev.showo2.model.Precision;
import dev.showo2.model.StagePrecisions;
import dev.showo2.samples.testing.Trees;
import dev.showo2.stage.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConvertCommandTest {

  @AutoClose private static final Fixtures FIXTURES = Fixtures.open();

  @TempDir private Path folder;

  private Path bundle;

  @BeforeEach
  void export() throws IOException {
    bundle = folder.resolve("fp32");
    assertEquals(0, Cli.run("export", FIXTURES.path("tiny-a"), bundle).code());
  }

  @Test
  void saysWhatTheNewBundleLost() {
    Path target = folder.resolve("int8");
    Cli.Result result = Cli.run("convert", bundle, target, "--precision", "int8,vae=fp16");

    assertEquals(0, result.code(), result.err());
    StagePrecisions precision = Bundle.open(target).manifest().precision();
    assertEquals(Precision.INT8, precision.of(Stage.BACKBONE));
    assertEquals(Precision.FP16, precision.of(Stage.VAE_IMAGE_DECODER));
    assertTrue(result.out().startsWith("Wrote " + target), result.out());
    assertLine(result, "  backbone +int8 +[0-9.]+ KiB  off by 0\\.[0-9]{4}");
    assertLine(result, "  vae +fp16 +[0-9.]+ [KM]iB  off by 0\\.[0-9]{4}");
    assertTrue(result.err().contains("calibrating backbone"), result.err());
    assertTrue(result.out().contains("Ran every stage on onnx: text_embedding, "), result.out());
  }

  @Test
  void integersAreNotConverted() throws IOException {
    Path integers = folder.resolve("int8");
    assertEquals(0, Cli.run("convert", bundle, integers, "--precision", "backbone=int8").code());
    Cli.Result result = Cli.run("convert", integers, folder.resolve("fp16"), "--precision", "fp16");
    assertEquals(1, result.code());
    assertTrue(result.err().contains("keeps backbone in int8"), result.err());
    assertEquals(List.of("fp32", "int8"), Trees.names(folder));
  }

  @Test
  void targetsMustBeThere() throws IOException {
    Path target = folder.resolve("fp16");
    Cli.Result result =
        Cli.run("convert", bundle, target, "--precision", "fp16", "--target", "abacus");
    assertEquals(2, result.code());
    assertTrue(result.err().contains("there is no backend 'abacus'"), result.err());
    assertEquals(List.of("fp32"), Trees.names(folder));
  }

  @Test
  void theTargetChecks() {
    Path target = folder.resolve("fp16");
    Cli.Result result =
        Cli.run("convert", bundle, target, "--precision", "fp16", "--target", "onnx");
    assertEquals(0, result.code(), result.err());
    assertTrue(result.out().contains("Ran every stage on onnx: "), result.out());
  }

  @Test
  void wrongPrecisionsAreWrongUse() throws IOException {
    Cli.Result result =
        Cli.run("convert", bundle, folder.resolve("new"), "--precision", "vae=int4");
    assertEquals(2, result.code());
    assertTrue(result.err().contains("the part vae can be exported in fp32"), result.err());
    assertEquals(List.of("fp32"), Trees.names(folder));
  }

  @Test
  void filesThatAreThereStay() throws IOException {
    Path target = Files.createDirectory(folder.resolve("taken"));
    Files.writeString(target.resolve("mine.txt"), "mine");
    Cli.Result result = Cli.run("convert", bundle, target);
    assertEquals(2, result.code());
    assertTrue(result.err().contains("holds files already"), result.err());
    assertEquals(List.of("mine.txt"), Trees.names(target));
  }

  private static void assertLine(Cli.Result result, String pattern) {
    assertTrue(result.out().lines().anyMatch(line -> line.matches(pattern)), result.out());
  }
}
