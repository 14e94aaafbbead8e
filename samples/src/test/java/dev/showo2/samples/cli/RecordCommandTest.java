package dev.showo2.samples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.conformance.FixtureModels;
import dev.showo2.samples.testing.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordCommandTest {

  @AutoClose private static final FixtureModels MODELS = new FixtureModels();

  private final Path bundle = MODELS.bundle("tiny-a").directory();

  @TempDir private Path folder;

  @Test
  void whatOneBackendComputesAnotherIsHeldAgainst() {
    Path cases = folder.resolve("cases");
    Cli.Result recorded =
        Cli.run("record", "--backend", "onnx", "--checkpoint", bundle, "--out", cases, "--seed", 7);
    assertEquals(0, recorded.code(), recorded.err());
    assertTrue(recorded.out().startsWith("Wrote " + cases + ": "), recorded.out());
    assertTrue(
        recorded.out().matches("(?s).*\\d+ cases, \\d+ files, \\d+ bytes\\R"), recorded.out());
    assertTrue(recorded.err().contains("computing time_embedding on onnx, "), recorded.err());

    Cli.Result verified =
        Cli.run(
            "verify",
            "--backend",
            "reference",
            "--checkpoint",
            bundle,
            "--goldens",
            cases,
            "--only",
            "H,L");
    assertEquals(0, verified.code(), verified.out() + verified.err());
    assertTrue(verified.out().startsWith("passed  "), verified.out());
  }

  @Test
  void filesThatAreThereStay() throws IOException {
    Path cases = Files.createDirectory(folder.resolve("cases"));
    Files.writeString(cases.resolve("mine.txt"), "mine");
    Cli.Result result = Cli.run("record", "--checkpoint", bundle, "--out", cases);
    assertEquals(2, result.code());
    assertTrue(result.err().contains("cases"), result.err());
    assertEquals(List.of("mine.txt"), Trees.names(cases));
    Cli.Result nowhere =
        Cli.run("record", "--checkpoint", bundle, "--out", folder.resolve("no/where"));
    assertEquals(2, nowhere.code());
    assertTrue(nowhere.err().contains("--out: there is no folder"), nowhere.err());
  }

  @Test
  void seedsOutOfRangeAreRefused() {
    Cli.Result result =
        Cli.run("record", "--checkpoint", bundle, "--out", folder.resolve("cases"), "--seed", -1);
    assertEquals(2, result.code(), result.err());
    assertTrue(result.err().contains("seed: 0 to 4294967295 is needed"), result.err());
  }
}
