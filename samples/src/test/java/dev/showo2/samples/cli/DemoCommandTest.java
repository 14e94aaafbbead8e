package dev.showo2.samples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.ShowO2;
import dev.showo2.media.ImageDecoder;
import dev.showo2.samples.testing.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoCommandTest {

  @TempDir private Path folder;

  @Test
  void theBundleIsForOtherPrograms() throws IOException {
    Path bundle = folder.resolve("new/bundle");
    Cli.Result result = Cli.run("demo", bundle);
    assertEquals(0, result.code(), result.err());
    assertEquals("Wrote " + bundle + System.lineSeparator(), result.out());
    try (ShowO2 model = ShowO2.open(bundle)) {
      assertTrue(model.bundle().manifest().name().contains("demo"));
      model.warmUp();
    }
    Path image = folder.resolve("x.png");
    Cli.Result drawn =
        Cli.run("generate", "a red circle", "--bundle", bundle, "--steps", 2, "--out", image);
    assertEquals(0, drawn.code(), drawn.err());
    assertEquals(64, ImageDecoder.read(image).getWidth());
  }

  @Test
  void filesThatAreThereStay() throws IOException {
    Files.writeString(folder.resolve("mine.txt"), "mine");
    Cli.Result result = Cli.run("demo", folder, "--json");
    assertEquals(2, result.code());
    assertTrue(result.err().contains("holds files already"), result.err());
    assertEquals(List.of("mine.txt"), Trees.names(folder));
  }
}
