package dev.showo2.conformance.golden;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.golden.pass.LoadedBackend;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.model.internal.JsonFields;
import dev.showo2.sampler.TimeSchedule;
import dev.showo2.sampler.TokenSampling;
import dev.showo2.sampler.TorchRandom;
import dev.showo2.sampler.internal.TokenSampler;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Schedules of flow times, and the distributions that token sampling draws from. */
final class SamplerRunner implements CaseRunner {

  @Override
  public boolean handles(GoldenCase golden) {
    return golden.stage().equals("sampler");
  }

  @Override
  public Rule rule(GoldenCase golden) {
    return golden.announces("t") ? Rule.S01 : Rule.S02;
  }

  @Override
  public Set<Stage> needs(GoldenCase golden) {
    return Set.of();
  }

  @Override
  public void run(GoldenCase golden, LoadedBackend subject, Checks checks) {
    if (golden.announces("t")) {
      schedule(golden, checks);
    } else {
      tokenFilter(golden, checks);
    }
  }

  private static void schedule(GoldenCase golden, Checks checks) {
    JsonFields settings = golden.settings();
    float[] times =
        TimeSchedule.shifted(
            settings.integer("num_inference_steps", 2, 100_000),
            (float) settings.number("time_shift"));
    checks.stage("t", new HostTensor(Shape.of(times.length), times), golden.floats("t"));
  }

  private static void tokenFilter(GoldenCase golden, Checks checks) {
    HostTensor logits = golden.floats("logits");
    int vocabulary = (int) logits.shape().dimension(1);
    List<JsonFields> settings = golden.settings().objects("settings");
    float[] probabilities = new float[logits.values().length];
    for (int row = 0; row < settings.size(); row++) {
      TokenSampler sampler = new TokenSampler(sampling(settings.get(row)), new TorchRandom(0));
      int start = row * vocabulary;
      float[] result =
          sampler.probabilities(Arrays.copyOfRange(logits.values(), start, start + vocabulary));
      System.arraycopy(result, 0, probabilities, start, vocabulary);
    }
    checks.stage(
        "probabilities",
        new HostTensor(logits.shape(), probabilities),
        golden.floats("probabilities"));
  }

  private static TokenSampling sampling(JsonFields settings) {
    TokenSampling.Builder builder =
        TokenSampling.builder().temperature((float) settings.number("temperature"));
    if (settings.has("top_k")) {
      builder.topK(settings.integer("top_k", 1, Integer.MAX_VALUE));
    }
    if (settings.has("top_p")) {
      builder.topP(settings.number("top_p"));
    }
    return builder.build();
  }
}
