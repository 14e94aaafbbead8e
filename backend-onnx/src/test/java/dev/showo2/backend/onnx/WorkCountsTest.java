package dev.showo2.backend.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.showo2.ShowO2;
import dev.showo2.backend.onnx.ExportedModels.Models;
import dev.showo2.model.Bundle;
import dev.showo2.pipeline.DenoisingStep;
import dev.showo2.pipeline.GeneratedToken;
import dev.showo2.pipeline.GenerationListener;
import dev.showo2.pipeline.TextOptions;
import dev.showo2.pipeline.TextToImageRequest;
import dev.showo2.sampler.TokenSampling;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Counts what a solver step and a text token of a request cost beside the arithmetic, and fails if
 * that grows. Counted, and never timed: calls of the engine, bytes that it is given and gives,
 * bytes that are copied for it, bytes that Java allocates.
 *
 * <p>The limits are in {@code work-counts.txt}. Less passes; then the file is written anew with
 * {@code -Dshowo2.work-counts=write}.
 */
@ExtendWith(ExportedModels.class)
class WorkCountsTest {

  private static final Path LIMITS = Path.of("src/test/resources/work-counts.txt");
  private static final String WRITE = "showo2.work-counts";
  private static final String HEAD =
      "# model, work: calls given gave copied allocated, of one solver step or text token\n";

  /** The compiler leaves out allocations, in one run sooner than in another. */
  private static final double ALLOCATED_SLACK = 1.02;

  private static final int STEPS = 12;
  private static final int TOKENS = 24;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** The counts up to an instant, or between two. */
  private record Counts(long calls, long given, long gave, long copied, long allocated) {

    static Counts of(OnnxBackend backend) {
      return new Counts(
          backend.transfers().calls(),
          backend.transfers().inputs(),
          backend.transfers().outputs(),
          backend.copied(),
          THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()));
    }

    static Counts parse(String text) {
      String[] numbers = text.split(" ");
      return new Counts(
          Long.parseLong(numbers[0]),
          Long.parseLong(numbers[1]),
          Long.parseLong(numbers[2]),
          Long.parseLong(numbers[3]),
          Long.parseLong(numbers[4]));
    }

    Counts minus(Counts other) {
      return new Counts(
          calls - other.calls,
          given - other.given,
          gave - other.gave,
          copied - other.copied,
          allocated - other.allocated);
    }

    Counts allocating(long bytes) {
      return new Counts(calls, given, gave, copied, bytes);
    }

    boolean within(Counts limit) {
      return calls <= limit.calls
          && given <= limit.given
          && gave <= limit.gave
          && copied <= limit.copied
          && allocated <= ALLOCATED_SLACK * limit.allocated;
    }

    @Override
    public String toString() {
      return calls + " " + given + " " + gave + " " + copied + " " + allocated;
    }
  }

  /** Counts at each step or token of a request. */
  private static final class Instants implements GenerationListener {

    private final OnnxBackend backend;
    private final List<Counts> all = new ArrayList<>();

    Instants(OnnxBackend backend) {
      this.backend = backend;
    }

    @Override
    public void step(DenoisingStep step) {
      all.add(Counts.of(backend));
    }

    @Override
    public void token(GeneratedToken token) {
      all.add(Counts.of(backend));
    }

    /**
     * The last interval, since caches have grown by as many tokens in every run, with the least
     * allocation of the second half: now and then the JVM allocates on the side.
     */
    Counts interval() {
      int last = all.size() - 1;
      long allocated = Long.MAX_VALUE;
      for (int i = all.size() / 2; i <= last; i++) {
        allocated = Math.min(allocated, all.get(i).minus(all.get(i - 1)).allocated);
      }
      return all.get(last).minus(all.get(last - 1)).allocating(allocated);
    }
  }

  private static Map<String, Counts> counted(Models models) {
    Map<String, Counts> counts = new LinkedHashMap<>();
    counted("tiny-a in fp32", models.bundle("tiny-a"), counts);
    counted("tiny-b in fp32", models.bundle("tiny-b"), counts);
    counted("tiny-a in int8", models.bundle("tiny-a", "int8"), counts);
    return counts;
  }

  private static void counted(String name, Bundle bundle, Map<String, Counts> counts) {
    try (OpenBackend open = OpenBackend.open(bundle);
        ShowO2 model = ShowO2.of(bundle, open.backend())) {
      counts.put(name + ", step", step(model, open.backend()));
      counts.put(name + ", token", token(model, open.backend()));
    }
  }

  private static Counts step(ShowO2 model, OnnxBackend backend) {
    Instants instants = new Instants(backend);
    TextToImageRequest request =
        TextToImageRequest.builder("a red circle").seed(1).steps(STEPS + 1).build();
    model.textToImage().generate(request, instants);
    assertEquals(STEPS + 1, instants.all.size());
    return instants.interval();
  }

  private static Counts token(ShowO2 model, OnnxBackend backend) {
    TextOptions options =
        TextOptions.builder().maxTokens(TOKENS).sampling(TokenSampling.greedy()).build();
    Instants instants = new Instants(backend);
    model.chat().ask("What is red?", options, instants);
    assertEquals(TOKENS, instants.all.size(), "the text ended before; ask something else");
    return instants.interval();
  }

  @Test
  void nothingGrows(Models models) throws IOException {
    Map<String, Counts> counts = counted(models);
    StringBuilder text = new StringBuilder(HEAD);
    counts.forEach((name, count) -> text.append(name).append(": ").append(count).append("\n"));
    if ("write".equals(System.getProperty(WRITE))) {
      Files.writeString(LIMITS, text);
    }
    Map<String, Counts> limits = new LinkedHashMap<>();
    Files.readAllLines(LIMITS).stream()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.split(": "))
        .forEach(parts -> limits.put(parts[0], Counts.parse(parts[1])));
    assertEquals(limits.keySet(), counts.keySet(), () -> LIMITS + " should be\n" + text);
    counts.forEach(
        (name, count) ->
            assertTrue(
                count.within(limits.get(name)),
                () ->
                    name
                        + ": at most "
                        + limits.get(name)
                        + " (calls, given, gave, copied, allocated) were needed before, found "
                        + count
                        + ". All that was counted:\n"
                        + text));
  }
}
