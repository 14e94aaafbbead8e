package dev.showo2.samples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.conformance.Fixtures;
import dev.showo2.model.Bundle;
import dev.showo2.model.BundleFile;
import dev.showo2.model.Precision;
import dev.showo2.model.StagePrecisions;
import dev.showo2.samples.testing.Trees;
import dev.showo2.stage.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExportCommandTest {

  @AutoClose private static final Fixtures FIXTURES = Fixtures.open();

  @TempDir private Path folder;

  @Test
  void listsWhatItWrote() throws IOException {
    Path bundle = folder.resolve("bundle");
    Cli.Result result = Cli.run("export", FIXTURES.path("tiny-a"), bundle);

    assertEquals(0, result.code(), result.err());
    for (BundleFile file : Bundle.open(bundle).manifest().files()) {
      assertTrue(
          result
              .out()
              .lines()
              .anyMatch(
                  line ->
                      line.strip().startsWith(file.name() + " ")
                          && line.endsWith(" " + Table.bytes(file.size()))),
          file + " in " + result.out());
    }
    assertTrue(result.out().startsWith("Wrote " + bundle), result.out());
    assertTrue(result.out().contains("Ran every stage on onnx: text_embedding, "), result.out());
    assertTrue(result.err().contains("checking stages on onnx"), result.err());
    assertTrue(result.err().contains("MiB of "), result.err());
  }

  @Test
  void writesAnyPrecision() throws IOException {
    Path exact = folder.resolve("fp32");
    assertEquals(0, Cli.run("export", FIXTURES.path("tiny-a"), exact).code());
    Path bundle = folder.resolve("int8");
    Cli.Result result =
        Cli.run("export", FIXTURES.path("tiny-a"), bundle, "--precision", "int8,flow-head=int4");

    assertEquals(0, result.code(), result.err());
    StagePrecisions precision = Bundle.open(bundle).manifest().precision();
    assertEquals(Precision.INT8, precision.of(Stage.BACKBONE));
    assertEquals(Precision.INT4, precision.of(Stage.FLOW_HEAD));
    assertEquals(Precision.FP32, precision.of(Stage.VAE_IMAGE_DECODER));
    long size = Files.size(bundle.resolve("backbone.safetensors"));
    assertTrue(size < Files.size(exact.resolve("backbone.safetensors")) / 2, "takes " + size);
    assertTrue(
        result
            .out()
            .lines()
            .anyMatch(
                line ->
                    line.strip().startsWith("backbone.safetensors ")
                        && line.endsWith(" " + Table.bytes(size))),
        result.out());
    assertTrue(result.out().contains("backbone_ort.onnx"), result.out());
    assertTrue(result.out().contains("Ran every stage on onnx: text_embedding, "), result.out());
  }

  @Test
  void saysWhatEachPartLost() {
    Cli.Result result =
        Cli.run(
            "export",
            FIXTURES.path("tiny-a"),
            folder.resolve("bundle"),
            "--precision",
            "int8,flow-head=int4,fusion=fp32",
            "--target",
            "onnx");
    assertEquals(0, result.code(), result.err());
    List<String> parts =
        result
            .out()
            .lines()
            .filter(line -> line.matches("  [a-z-]+ +(fp|int)[0-9]+ .*"))
            .map(line -> line.replaceAll("[0-9.]+ [KM]iB", "SIZE").replaceAll("0[.][0-9]+", "0.X"))
            .map(line -> line.strip().replaceAll(" +", " "))
            .toList();
    assertEquals(
        List.of(
            "language-head int8 SIZE off by 0.X",
            "backbone int8 SIZE off by 0.X",
            "fusion fp32 SIZE",
            "flow-head int4 SIZE off by 0.X",
            "vae fp32 SIZE"),
        parts);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "int2 | a precision is one of fp32, fp16, bf16, int8, int4; found 'int2'",
        "vae=int8 | the part vae can be exported in fp32, fp16, bf16; found 'int8'",
        "head=fp16 | a part is one of language-head, backbone, fusion, flow-head, vae; found 'head'"
      })
  void precisionsThatCannotBeAreRefused(String precision, String message) throws IOException {
    Cli.Result result =
        Cli.run("export", FIXTURES.path("tiny-a"), folder.resolve("b"), "--precision", precision);
    assertEquals(2, result.code());
    assertTrue(result.err().contains("'--precision'"), result.err());
    assertTrue(result.err().contains(message), result.err());
    assertEquals(List.of(), Trees.names(folder));
  }

  @Test
  void partsMayLieElsewhere() throws IOException {
    Path checkpoint = Files.createDirectory(folder.resolve("checkpoint"));
    Path complete = FIXTURES.path("tiny-a");
    for (String name : List.of("config.json", "arch.json", "pytorch_model.bin")) {
      Files.copy(complete.resolve(name), checkpoint.resolve(name));
    }
    Cli.Result lacking = Cli.run("export", checkpoint, folder.resolve("bundle"));
    assertEquals(1, lacking.code());
    assertTrue(lacking.err().contains("lacks the tokenizer"), lacking.err());
    assertTrue(lacking.err().contains("vae.pth"), lacking.err());

    Cli.Result result =
        Cli.runOnTerminal(
            "export",
            checkpoint,
            folder.resolve("bundle"),
            "--vae",
            complete.resolve("vae.pth"),
            "--tokenizer",
            complete.resolve("tokenizer.json"));
    assertEquals(0, result.code(), result.err());
    assertTrue(result.err().contains("\rwriting 100% ["), result.err());
  }

  @Test
  void mergesAdapters() throws IOException {
    Path plain = folder.resolve("plain");
    Cli.Result result = Cli.run("export", FIXTURES.path("tiny-a"), plain);
    assertEquals(0, result.code(), result.err());
    Bundle model = Bundle.open(plain);
    int width = model.architecture().backbone().hiddenSize();

    Bundle unchanged = exportWith(TinyAdapter.write(folder.resolve("zero"), width, 0));
    assertEquals(model.hash(), unchanged.hash());
    Bundle changed = exportWith(TinyAdapter.write(folder.resolve("style"), width, 0.5f));
    assertNotEquals(model.hash(), changed.hash());
    List<String> names =
        changed.manifest().files().stream()
            .filter(file -> !model.manifest().files().contains(file))
            .map(BundleFile::name)
            .toList();
    assertEquals(List.of("backbone.safetensors"), names, "files that differ");
  }

  private Bundle exportWith(Path adapter) {
    Path bundle = folder.resolve(adapter.getFileName() + "-bundle");
    Cli.Result result = Cli.run("export", FIXTURES.path("tiny-a"), bundle, "--lora", adapter);
    assertEquals(0, result.code(), result.err());
    String phase = "merging adapter " + adapter.getFileName() + " (1 weights)";
    assertTrue(result.err().contains(phase), result.err());
    return Bundle.open(bundle);
  }

  @Test
  void foldersWithoutAnAdapterAreRefused() throws IOException {
    Path adapter = Files.createDirectory(folder.resolve("style"));
    Cli.Result result =
        Cli.run("export", FIXTURES.path("tiny-a"), folder.resolve("bundle"), "--lora", adapter);
    assertEquals(1, result.code());
    assertTrue(result.err().contains("no adapter_config.json in " + adapter), result.err());
    assertEquals(List.of("style"), Trees.names(folder));
  }

  @Test
  void filesThatAreThereStay() throws IOException {
    Path bundle = Files.createDirectory(folder.resolve("bundle"));
    Files.writeString(bundle.resolve("mine.txt"), "mine");
    Cli.Result result = Cli.run("export", FIXTURES.path("tiny-a"), bundle);
    assertEquals(2, result.code());
    assertTrue(result.err().contains("holds files already"), result.err());
    assertEquals(List.of("mine.txt"), Trees.names(bundle));
  }

  @Test
  void interruptLeavesNothing() throws IOException {
    Path checkpoint = FIXTURES.path("tiny-a");
    Thread.currentThread().interrupt();
    Cli.Result result;
    try {
      result = Cli.run("export", checkpoint, folder.resolve("bundle"));
    } finally {
      Thread.interrupted();
    }
    assertEquals(130, result.code(), result.err());
    assertEquals(List.of(), Trees.names(folder));
  }
}
