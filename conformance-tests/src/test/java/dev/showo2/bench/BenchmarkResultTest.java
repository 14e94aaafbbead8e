package dev.showo2.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.bench.BenchmarkPlan.ImageSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks what is computed from given times; nothing here is measured. */
class BenchmarkResultTest {

  private static final MachineRates RATES =
      new MachineRates(Map.of("fp32", 100e9, "int8", 400e9), 10e9, 5e9);

  @TempDir private Path folder;

  private static BenchmarkFigure figure(BenchmarkStage stage, Double... seconds) {
    return new BenchmarkFigure(
        stage, "432x432", 9, List.of(seconds), Map.of("fp32", 10e9, "int8", 40e9), 1e9);
  }

  private static BenchmarkResult result(String label, double step, long peak) {
    return new BenchmarkResult(
        label,
        "2026-12-01T00:00:00Z",
        "0.1.0",
        new BenchmarkResult.Subject(
            "a|b", "12", "int8", 500_000_000, "onnx", "Engine 1", "cpu", 2, Map.of("x", "y")),
        new MeasuredMachine("Processor", List.of("avx2"), 2, 8_000_000_000L, "17", "Linux"),
        RATES,
        List.of(
            new BenchmarkFigure(BenchmarkStage.HASHES, "500 MB", 1, List.of(1.0), Map.of(), 500e6),
            new BenchmarkFigure(BenchmarkStage.OPEN, "500 MB", 2, List.of(2.5), Map.of(), 500e6),
            figure(BenchmarkStage.GUIDED_STEP, 2 * step, step, 3 * step),
            new BenchmarkFigure(BenchmarkStage.TEXT_TOKEN, "32", 1, List.of(0.125), Map.of(), 0),
            new BenchmarkFigure(BenchmarkStage.OUTSIDE, "", 1, List.of(0.01), Map.of(), 0)),
        new BenchmarkResult.Memory(peak, 2, 3, 4),
        Map.of("fusion 432x432", "no such stage"));
  }

  @Test
  void bestAndMedianAreOfAllRounds() {
    BenchmarkFigure three = figure(BenchmarkStage.FUSION, 3.0, 1.0, 2.5);
    assertEquals(1.0, three.best());
    assertEquals(2.5, three.median());
    assertEquals(1.75, figure(BenchmarkStage.FUSION, 1.0, 2.5).median());
    assertThrows(IllegalArgumentException.class, () -> figure(BenchmarkStage.FUSION));
  }

  /** 10 GFLOP at 100 a second and 40 at 400 take 0.2 s; a gigabyte at ten a second 0.1 s. */
  @Test
  void theLimitIsTheLongerOfOperationsAndBytes() {
    BenchmarkFigure figure = figure(BenchmarkStage.FUSION, 1.0);
    assertEquals(OptionalDouble.of(0.2), figure.limit(RATES));
    assertEquals("operations", figure.boundBy(RATES));
    MachineRates slowMemory = new MachineRates(RATES.products(), 2e9, 1e9);
    assertEquals(OptionalDouble.of(0.5), figure.limit(slowMemory));
    assertEquals("bytes", figure.boundBy(slowMemory));
    MachineRates oneProduct = new MachineRates(Map.of("fp32", 100e9), 10e9, 5e9);
    assertEquals(OptionalDouble.empty(), figure.limit(oneProduct), "int8 was not measured");
    assertEquals("", figure.boundBy(MachineRates.NONE));
    assertEquals(OptionalDouble.empty(), figure(BenchmarkStage.OPEN, 1.0).limit(RATES));
  }

  @Test
  void ofRatesTheBestCount() {
    MachineRates other = new MachineRates(Map.of("fp32", 90e9, "int4", 1.0), 11e9, 4e9);
    assertEquals(
        new MachineRates(Map.of("fp32", 100e9, "int8", 400e9, "int4", 1.0), 11e9, 5e9),
        RATES.best(other));
  }

  @Test
  void jsonIsReadAsItWasWritten() {
    BenchmarkResult result = result("own", 1, 600_000_000);
    String json = result.toJson();
    assertEquals(1, json.lines().count());
    assertEquals(result, BenchmarkResult.parse(json));
    assertTrue(json.contains("\"stage\":\"guided_step\""), json);
    assertTrue(json.contains("\"share_of_machine\":0.2"), json);
    assertTrue(json.contains("\"bound_by\":\"operations\""), json);
    assertTrue(json.contains("\"peak_resident\":600000000"), json);
  }

  @Test
  void theLastLineOfAHistoryCounts() throws IOException {
    Path history = folder.resolve("history.jsonl");
    Files.writeString(
        history, result("old", 2, 1).toJson() + "\n" + result("new", 1, 1).toJson() + "\n\n");
    assertEquals("new", BenchmarkResult.read(history).label());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[]",
        "{\"format\":2}",
        "{\"format\":1}",
        "{\"format\":\"x\"}",
        "{\"format\":1,\"label\":\"a\",\"figures\":[{\"stage\":\"walk\"}]}",
        "not json"
      })
  void otherFilesAreRefused(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("x.json"), text);
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> BenchmarkResult.read(file));
    assertTrue(refused.getMessage().startsWith(file.toString()), refused.getMessage());
  }

  @Test
  void thePageShowsSharesAndMemory() {
    String page = BenchmarkReport.of(result("own", 1, 600_000_000));
    assertTrue(page.contains("a\\|b (int8; 500 MB) on Engine 1 (onnx, cpu, threads 2, x=y)"), page);
    assertTrue(
        page.contains(
            "| guided_step | 432x432 | 9.00 s | 1.00 s | 2.00 s | 3 | 50.0 | 1000 | 20.0 % | operations |"),
        page);
    assertTrue(page.contains("| text_token | 32 | 1.00 s | 125 ms (8.00/s) |"), page);
    assertTrue(page.contains("Outside of the stages: 1.0 % of a guided step."), page);
    assertTrue(page.contains("Opening takes 2.50 times as long"), page);
    assertTrue(page.contains("| peak resident | 600 | 1.20 |"), page);
    assertTrue(page.contains("Not measured: fusion 432x432: no such stage"), page);
  }

  @Test
  void comparedTimesAreDivided() {
    String page = BenchmarkReport.compare(result("a", 2, 600_000_000), result("b", 1, 300_000_000));
    assertTrue(page.contains("| guided_step | 432x432 | 2.00 s | 1.00 s | 0.500 | 0.500 |"), page);
    assertTrue(page.contains("| peak resident |  | 600 MB | 300 MB | 0.500 |  |"), page);
    assertFalse(page.contains("| fusion |"), page);
  }

  @Test
  void plansAreChecked() {
    assertEquals(new ImageSize(432, 432), ImageSize.parse("432"));
    assertEquals("512x384", ImageSize.parse("512x384").toString());
    for (String bad : List.of("", "0", "x", "432x", "-1", "4 32", "432x0", "999999")) {
      assertThrows(IllegalArgumentException.class, () -> ImageSize.parse(bad), bad);
    }
    assertThrows(
        IllegalArgumentException.class,
        () -> new BenchmarkPlan(Set.of(), List.of(), 1, 1, 1, false));
    assertThrows(
        IllegalArgumentException.class,
        () -> new BenchmarkPlan(Set.of(BenchmarkStage.OPEN), List.of(), 0, 1, 1, false));
    assertThrows(IllegalArgumentException.class, () -> BenchmarkStage.of("walk"));
  }
}
