package dev.showo2.samples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.conformance.Fixtures;
import dev.showo2.model.Bundle;
import dev.showo2.model.BundleFile;
import dev.showo2.samples.testing.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
  void takesAdapters() throws IOException {
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
    assertEquals(1, result.code());
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
