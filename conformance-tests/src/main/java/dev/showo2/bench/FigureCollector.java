package dev.showo2.bench;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.showo2.bench.BenchmarkPlan.ImageSize;
import dev.showo2.bench.BenchmarkResult.Memory;
import dev.showo2.conformance.report.Environment;
import dev.showo2.model.Bundle;
import dev.showo2.model.BundleFile;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects the answers of a measured process into a result. */
final class FigureCollector {

  private final Bundle bundle;
  private final BenchmarkPlan plan;
  private final StageCosts costs;
  private final Map<String, List<Double>> times = new LinkedHashMap<>();
  private final Map<String, Double> firsts = new LinkedHashMap<>();
  private final Map<String, String> absent = new LinkedHashMap<>();
  private Memory memory = new Memory(0, 0, 0, 0);
  private String engine = "";

  FigureCollector(Bundle bundle, BenchmarkPlan plan) {
    this.bundle = bundle;
    this.plan = plan;
    this.costs = new StageCosts(bundle);
  }

  /** Adds what a process said of opening. */
  void opened(JsonObject answer) {
    engine = answer.get("engine").getAsString();
    for (BenchmarkStage stage : List.of(BenchmarkStage.HASHES, BenchmarkStage.OPEN)) {
      if (plan.stages().contains(stage)) {
        double seconds = answer.get(stage.id()).getAsDouble();
        firsts.putIfAbsent(stage.id(), seconds);
        add(stage.id(), seconds);
      }
    }
    memory(answer);
  }

  /** Adds a round. */
  void add(JsonObject answer) {
    entries(answer, "times").forEach((key, seconds) -> add(key, seconds.getAsDouble()));
    entries(answer, "firsts")
        .forEach((key, seconds) -> firsts.putIfAbsent(key, seconds.getAsDouble()));
    entries(answer, "absent").forEach((key, reason) -> absent.put(key, reason.getAsString()));
    memory(answer);
  }

  private static Map<String, JsonElement> entries(JsonObject answer, String name) {
    return answer.getAsJsonObject(name).asMap();
  }

  private void add(String key, double seconds) {
    times.computeIfAbsent(key, each -> new ArrayList<>()).add(seconds);
  }

  /** The most of several processes. */
  private void memory(JsonObject answer) {
    JsonObject json = answer.getAsJsonObject("memory");
    memory =
        new Memory(
            Math.max(memory.peakResident(), json.get("peak_resident").getAsLong()),
            Math.max(memory.peakAnonymous(), json.get("peak_anonymous").getAsLong()),
            Math.max(memory.anonymousAfterOpen(), json.get("anonymous_after_open").getAsLong()),
            Math.max(memory.anonymousAfterStep(), json.get("anonymous_after_step").getAsLong()));
  }

  BenchmarkResult result(BenchmarkTarget target, MachineRates rates) {
    List<BenchmarkFigure> figures = new ArrayList<>();
    times.forEach((key, seconds) -> figures.add(figure(key, seconds)));
    figures.sort(Comparator.comparing(BenchmarkFigure::stage));
    return new BenchmarkResult(
        target.label(),
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        Environment.kitVersion(),
        new BenchmarkResult.Subject(
            bundle.manifest().name(),
            bundle.hash(),
            bundle.manifest().precision().toString(),
            bundle.manifest().files().stream().mapToLong(BundleFile::size).sum(),
            target.backend(),
            engine,
            target.config().device().toString(),
            target.config().threads().orElse(0),
            target.config().options()),
        MeasuredMachine.here(),
        rates,
        figures,
        memory,
        absent);
  }

  private BenchmarkFigure figure(String key, List<Double> seconds) {
    String[] parts = key.split(" ");
    BenchmarkStage stage = BenchmarkStage.of(parts[0]);
    StageCosts.Cost cost =
        costs.of(stage, parts.length > 1 ? ImageSize.parse(parts[1]) : null, plan);
    return new BenchmarkFigure(
        stage,
        cost.size(),
        firsts.getOrDefault(key, 0.0),
        seconds,
        cost.operations(),
        cost.bytes());
  }
}
