package dev.showo2.bench;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.showo2.bench.BenchmarkPlan.ImageSize;
import dev.showo2.bench.internal.WorkerProcess;
import dev.showo2.error.InvalidRequestException;
import dev.showo2.error.internal.Interruptions;
import dev.showo2.model.Architecture;
import dev.showo2.model.Bundle;
import dev.showo2.model.Integrity;
import dev.showo2.model.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apiguardian.api.API;

/**
 * Measures targets in turns: in each round each of them once, so that a machine that becomes slower
 * or faster does so for all. Each is measured in a process of its own, which is started from the
 * class path of this JVM. Not thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Benchmark {

  private final BenchmarkPlan plan;
  private final Consumer<String> notes;
  private MachineRates rates = MachineRates.NONE;

  private Benchmark(BenchmarkPlan plan, Consumer<String> notes) {
    this.plan = plan;
    this.notes = notes;
  }

  /**
   * Measures.
   *
   * @param targets at least one
   * @param plan the work and how often
   * @param notes receives what is done next, for people
   * @return a result for each target, in their order
   * @throws IOException if a process cannot be started or the disk refuses
   * @throws dev.showo2.error.ShowO2Exception if a target cannot be opened or fails, named by its
   *     label
   */
  public static List<BenchmarkResult> run(
      List<BenchmarkTarget> targets, BenchmarkPlan plan, Consumer<String> notes)
      throws IOException {
    return new Benchmark(plan, notes).run(targets);
  }

  private List<BenchmarkResult> run(List<BenchmarkTarget> targets) throws IOException {
    List<Turns> all = new ArrayList<>();
    Set<Precision> precisions = EnumSet.of(Precision.FP32);
    for (BenchmarkTarget target : targets) {
      Turns turns = new Turns(target);
      precisions.addAll(turns.precisions());
      all.add(turns);
    }
    try (ProductBundle products = new ProductBundle()) {
      notes.accept("Measuring the machine");
      Map<Precision, Path> bundles = products.write(precisions);
      measureRates(targets.get(0), bundles);
      measureTurns(all);
      notes.accept("Measuring the machine again");
      measureRates(targets.get(0), bundles);
    }
    return all.stream().map(turns -> turns.result(rates)).toList();
  }

  private void measureTurns(List<Turns> all) throws IOException {
    try {
      for (int round = 1; round <= plan.rounds(); round++) {
        for (Turns turns : all) {
          Interruptions.check();
          turns.turn(round);
        }
      }
    } finally {
      all.forEach(Turns::close);
    }
  }

  /** In a process of its own, whose memory is nobody's figure. */
  private void measureRates(BenchmarkTarget target, Map<Precision, Path> bundles)
      throws IOException {
    JsonObject command = command("rates", target);
    JsonObject paths = new JsonObject();
    bundles.forEach((precision, path) -> paths.addProperty(precision.id(), path.toString()));
    command.add("bundles", paths);
    try (WorkerProcess process = WorkerProcess.start(target)) {
      JsonObject answer = process.ask(command);
      Map<String, Double> products = new LinkedHashMap<>();
      answer
          .getAsJsonObject("products")
          .entrySet()
          .forEach(each -> products.put(each.getKey(), each.getValue().getAsDouble()));
      rates =
          rates.best(
              new MachineRates(
                  products, answer.get("read").getAsDouble(), answer.get("copy").getAsDouble()));
    }
  }

  private static JsonObject command(String name, BenchmarkTarget target) {
    JsonObject command = new JsonObject();
    command.addProperty("command", name);
    command.addProperty("bundle", target.bundle().toAbsolutePath().toString());
    command.addProperty("backend", target.backend());
    command.addProperty("device", target.config().device().toString());
    target.config().threads().ifPresent(threads -> command.addProperty("threads", threads));
    JsonObject options = new JsonObject();
    target.config().options().forEach(options::addProperty);
    command.add("options", options);
    return command;
  }

  /** The turns of one target, and its process. */
  private final class Turns implements AutoCloseable {

    private final BenchmarkTarget target;
    private final Bundle bundle;
    private final FigureCollector figures;
    private WorkerProcess process;

    Turns(BenchmarkTarget target) {
      this.target = target;
      // Hashes are compared when it is opened in its process.
      bundle = Bundle.open(target.bundle(), Integrity.SIZES);
      figures = new FigureCollector(bundle, plan);
      requireSizes(bundle.architecture());
    }

    private void requireSizes(Architecture a) {
      for (ImageSize size : plan.sizes()) {
        int pixels = a.pixelsPerToken();
        if (size.width() % pixels != 0 || size.height() % pixels != 0) {
          throw new InvalidRequestException(
              "sizes: multiples of " + pixels + " pixels are needed, found " + size);
        }
        if (!a.interpolatesPositions() && !size.equals(ImageSize.of(a))) {
          throw new InvalidRequestException(
              "sizes: " + bundle + " knows images of " + ImageSize.of(a) + " only, found " + size);
        }
      }
    }

    Set<Precision> precisions() {
      Set<Precision> all = EnumSet.noneOf(Precision.class);
      all.addAll(bundle.manifest().precision().byStage().values());
      return all;
    }

    void turn(int round) throws IOException {
      notes.accept("Round " + round + " of " + plan.rounds() + ": " + target.label());
      if (process == null) {
        open();
      }
      JsonObject command = new JsonObject();
      command.addProperty("command", "round");
      figures.add(process.ask(command));
      if (plan.separate()) {
        close();
      }
    }

    private void open() throws IOException {
      process = WorkerProcess.start(target);
      JsonObject command = command("open", target);
      JsonArray stages = new JsonArray();
      plan.stages().forEach(stage -> stages.add(stage.id()));
      command.add("stages", stages);
      JsonArray sizes = new JsonArray();
      plan.sizes().forEach(size -> sizes.add(size.toString()));
      command.add("sizes", sizes);
      command.addProperty("prefill", plan.prefill());
      command.addProperty("tokens", plan.tokens());
      figures.opened(process.ask(command));
    }

    BenchmarkResult result(MachineRates measured) {
      return figures.result(target, measured);
    }

    @Override
    public void close() {
      if (process != null) {
        process.close();
        process = null;
      }
    }
  }
}
