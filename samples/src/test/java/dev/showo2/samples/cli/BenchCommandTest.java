package dev.showo2.samples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.bench.BenchmarkFigure;
import dev.showo2.bench.BenchmarkResult;
import dev.showo2.bench.BenchmarkStage;
import dev.showo2.samples.testing.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Measures the demo model. Times decide nothing; that there are some does. */
class BenchCommandTest {

  @TempDir private Path folder;

  @Test
  void allStagesAreMeasured() throws IOException {
    Path page = folder.resolve("page.md");
    Path history = folder.resolve("history.jsonl");
    Cli.Result result =
        Cli.run(
            "bench",
            "--backend",
            "onnx",
            "--rounds",
            2,
            "--prefill",
            24,
            "--tokens",
            2,
            "--threads",
            1,
            "--report",
            page,
            "--history",
            history,
            "--json");
    assertEquals(0, result.code(), result.err());
    assertEquals("", result.err());
    BenchmarkResult measured = BenchmarkResult.parse(result.out().strip());
    assertEquals(measured, BenchmarkResult.read(history));
    assertEquals(
        Arrays.asList(BenchmarkStage.values()),
        measured.figures().stream().map(BenchmarkFigure::stage).toList());
    for (BenchmarkFigure figure : measured.figures()) {
      boolean opens =
          figure.stage() == BenchmarkStage.OPEN || figure.stage() == BenchmarkStage.HASHES;
      assertEquals(opens ? 1 : 2, figure.seconds().size(), figure.toString());
      assertTrue(figure.best() > 0, figure.toString());
      assertTrue(figure.first() > 0, figure.toString());
    }
    assertEquals("onnx", measured.subject().backend());
    assertEquals(1, measured.subject().threads());
    assertTrue(measured.rates().products().get("fp32") > 0, result.out());
    assertTrue(measured.rates().read() > 0, result.out());
    assertTrue(Files.readString(page).contains("| guided_step | 64x64 | "), result.out());

    Cli.Result compared = Cli.run("bench", "compare", history, history);
    assertEquals(0, compared.code(), compared.err());
    assertTrue(
        compared.out().lines().anyMatch(line -> line.endsWith("| 1.000 | 1.000 |")),
        compared.out());
  }

  @Test
  void twoAreMeasuredInTurns() throws IOException {
    Path other = folder.resolve("other");
    assertEquals(0, Cli.run("demo", other).code());
    Cli.Result result =
        Cli.run(
            "bench",
            "--stages",
            "open,fusion",
            "--rounds",
            2,
            "--separate",
            "--against",
            other,
            "no-such=1",
            "--backend",
            "onnx");
    // An option that the backend does not know is refused by the process that is measured.
    assertEquals(1, result.code(), result.out());
    assertTrue(result.err().contains("no-such"), result.err());

    result =
        Cli.run(
            "bench",
            "--stages",
            "open,fusion",
            "--rounds",
            2,
            "--separate",
            "--against",
            other,
            "memory-map=true",
            "--backend",
            "onnx");
    assertEquals(0, result.code(), result.err());
    List<String> rounds = result.err().lines().filter(line -> line.startsWith("Round")).toList();
    assertEquals(
        List.of(
            "Round 1 of 2: " + other,
            "Round 1 of 2: memory-map=true",
            "Round 2 of 2: " + other,
            "Round 2 of 2: memory-map=true"),
        rounds);
    String out = result.out();
    assertTrue(out.contains("| best, " + other + " | best, memory-map=true | ratio of best"), out);
    assertTrue(
        out.lines().anyMatch(line -> line.matches("\\| open \\| .*\\| 2 \\|.*")),
        "opened in each round: " + out);
  }

  @Test
  void processesThatFailAreNamed() throws IOException {
    Path broken = folder.resolve("broken");
    assertEquals(0, Cli.run("demo", broken).code());
    Trees.damage(broken.resolve("fusion.onnx"));
    Cli.Result result =
        Cli.run("bench", "--bundle", broken, "--stages", "open", "--backend", "onnx");
    assertEquals(1, result.code(), result.out());
    assertTrue(result.err().contains(broken + " on onnx: "), result.err());
    assertTrue(result.err().contains("fusion.onnx"), result.err());
  }

  @ParameterizedTest
  @CsvSource({
    "--stages, walk, 'one of hashes, open'",
    "--sizes, big, pixels such as 432",
    "--sizes, 65, multiples of 16 pixels",
    "--sizes, 128, knows images of 64x64 only",
    "--rounds, 0, rounds: at least 1",
    "--prefill, 0, prefill: at least 1",
    "--tokens, -1, tokens: at least 1",
    "--bundle, nowhere, no bundle at nowhere",
    "--device, cuda;x, a type in lower case",
    "--report, nowhere/x.md, there is no folder"
  })
  void whatCannotBeMeasuredIsRefused(String option, String value, String message) {
    Cli.Result result = Cli.run("bench", option, value, "--backend", "onnx");
    assertEquals(2, result.code(), result.out());
    assertTrue(result.err().contains(message), result.err());
  }

  @Test
  void otherFilesAreNotCompared() throws IOException {
    Path file = Files.writeString(folder.resolve("x.json"), "{}");
    Cli.Result result = Cli.run("bench", "compare", file, file);
    assertEquals(2, result.code());
    assertTrue(result.err().contains("a result of 'bench' in format 1 is needed"), result.err());
    Cli.Result missing = Cli.run("bench", "compare", folder.resolve("y"), file);
    assertEquals(2, missing.code());
    assertTrue(missing.err().contains("there is no file or folder"), missing.err());
  }
}
