package dev.showo2.bench.internal;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.showo2.ShowO2;
import dev.showo2.bench.BenchmarkPlan.ImageSize;
import dev.showo2.bench.BenchmarkStage;
import dev.showo2.model.Architecture;
import dev.showo2.model.Bundle;
import dev.showo2.spi.Backend;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.BackendProvider;
import dev.showo2.spi.Backends;
import dev.showo2.spi.Device;
import dev.showo2.spi.support.Closer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apiguardian.api.API;

/**
 * The program of the measured process. Reads a command in JSON from each line of standard input,
 * and answers on a line of standard output; whatever else is printed there has another beginning.
 * The class path may have another build of everything but this package.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class BenchmarkWorker implements AutoCloseable {

  /** Begins an answer. */
  public static final String ANSWER = "showo2-bench ";

  private final ProcessMemory memory = new ProcessMemory();
  private final Closer closer = new Closer();
  private final Set<String> warmed = new HashSet<>();
  private Rounds rounds;

  private BenchmarkWorker() {}

  /**
   * Answers until its input ends.
   *
   * @param args none
   * @throws IOException if the other process has gone
   */
  public static void main(String[] args) throws IOException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    System.setOut(System.err);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (BenchmarkWorker worker = new BenchmarkWorker()) {
      worker.memory.start();
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        out.println(ANSWER + worker.answer(JsonParser.parseString(line).getAsJsonObject()));
      }
    }
  }

  private JsonObject answer(JsonObject command) {
    JsonObject answer = new JsonObject();
    try {
      switch (command.get("command").getAsString()) {
        case "rates" -> rates(command, answer);
        case "open" -> open(command, answer);
        case "round" -> round(answer);
        default -> throw new IllegalArgumentException("no command: " + command);
      }
    } catch (RuntimeException | Error | InterruptedException e) {
      answer.addProperty("error", e.getMessage() == null ? e.toString() : e.getMessage());
      answer.addProperty("type", e.getClass().getSimpleName());
    }
    return answer;
  }

  private static void rates(JsonObject command, JsonObject answer) throws InterruptedException {
    BackendConfig config = config(command);
    int threads = config.threads().orElse(Runtime.getRuntime().availableProcessors());
    JsonObject products = new JsonObject();
    for (Map.Entry<String, JsonElement> each : command.getAsJsonObject("bundles").entrySet()) {
      Path bundle = Path.of(each.getValue().getAsString());
      products.addProperty(each.getKey(), RateRuns.product(bundle, provider(command), config));
    }
    answer.add("products", products);
    answer.addProperty("read", RateRuns.read(threads));
    answer.addProperty("copy", RateRuns.copy(threads));
  }

  private void open(JsonObject command, JsonObject answer) {
    Path directory = Path.of(command.get("bundle").getAsString());
    BackendConfig config = config(command);
    BackendProvider provider = provider(command);
    Set<BenchmarkStage> stages = EnumSet.noneOf(BenchmarkStage.class);
    command.getAsJsonArray("stages").forEach(id -> stages.add(BenchmarkStage.of(id.getAsString())));
    if (stages.contains(BenchmarkStage.HASHES)) {
      answer.addProperty(BenchmarkStage.HASHES.id(), seconds(() -> Bundle.open(directory)));
    }
    long start = System.nanoTime();
    // As ShowO2.open does it.
    Bundle bundle = Bundle.open(directory);
    Backend backend = closer.add(provider.open(bundle, config));
    closer.add(ShowO2.of(bundle, backend));
    answer.addProperty(BenchmarkStage.OPEN.id(), (System.nanoTime() - start) / 1e9);
    memory.opened();
    answer.addProperty("engine", provider.info().name() + " " + provider.info().version());
    answer.add("memory", memory.toJson());
    rounds =
        new Rounds(
            bundle,
            backend,
            new Rounds.Work(
                stages,
                sizes(command, bundle.architecture()),
                command.get("prefill").getAsInt(),
                command.get("tokens").getAsInt(),
                config.device().equals(Device.CPU)),
            memory);
  }

  private static double seconds(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / 1e9;
  }

  private static List<ImageSize> sizes(JsonObject command, Architecture a) {
    List<ImageSize> sizes = new ArrayList<>();
    command.getAsJsonArray("sizes").forEach(size -> sizes.add(ImageSize.parse(size.getAsString())));
    return sizes.isEmpty() ? List.of(ImageSize.of(a)) : sizes;
  }

  private void round(JsonObject answer) {
    Rounds.Round round = rounds.run(warmed);
    JsonObject times = new JsonObject();
    round.times.forEach(times::addProperty);
    answer.add("times", times);
    JsonObject firsts = new JsonObject();
    round.firsts.forEach(firsts::addProperty);
    answer.add("firsts", firsts);
    JsonObject absent = new JsonObject();
    round.absent.forEach(absent::addProperty);
    answer.add("absent", absent);
    answer.add("memory", memory.toJson());
  }

  private static BackendProvider provider(JsonObject command) {
    Device device = Device.parse(command.get("device").getAsString());
    return Backends.find().select(Optional.of(command.get("backend").getAsString()), device);
  }

  private static BackendConfig config(JsonObject command) {
    BackendConfig.Builder config =
        BackendConfig.builder().device(command.get("device").getAsString());
    if (command.has("threads")) {
      config.threads(command.get("threads").getAsInt());
    }
    command
        .getAsJsonObject("options")
        .entrySet()
        .forEach(option -> config.option(option.getKey(), option.getValue().getAsString()));
    return config.build();
  }

  @Override
  public void close() {
    closer.close();
  }
}
