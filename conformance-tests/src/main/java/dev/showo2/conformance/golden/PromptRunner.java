package dev.showo2.conformance.golden;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.golden.pass.LoadedBackend;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.model.internal.JsonFields;
import dev.showo2.pipeline.internal.LoadedModel;
import dev.showo2.sequence.internal.TokenRow;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Prompts to the rows of token ids that the reference makes of them. */
final class PromptRunner implements CaseRunner {

  @Override
  public boolean handles(GoldenCase golden) {
    return golden.stage().equals("prompt");
  }

  @Override
  public Rule rule(GoldenCase golden) {
    return Rule.P01;
  }

  @Override
  public Set<Stage> needs(GoldenCase golden) {
    return Set.of();
  }

  @Override
  public void run(GoldenCase golden, LoadedBackend subject, Checks checks) {
    LoadedModel model = subject.model();
    List<String> prompts = golden.settings().strings("prompts");
    List<TokenRow> conditional =
        prompts.stream().map(prompt -> row(golden, model, prompt)).toList();
    List<TokenRow> unconditional = prompts.stream().map(prompt -> row(golden, model, "")).toList();
    compare(golden, checks, "cond", conditional);
    compare(golden, checks, "uncond", unconditional);
  }

  private static TokenRow row(GoldenCase golden, LoadedModel model, String prompt) {
    JsonFields settings = golden.settings();
    return model
        .layout()
        .textToImageRow(
            model.tokenizer().encode(prompt),
            settings.integer("num_image_tokens", 1, 100_000),
            settings.integer("max_text_len", 1, 100_000));
  }

  private static void compare(GoldenCase golden, Checks checks, String name, List<TokenRow> rows) {
    long[] ids =
        rows.stream().flatMapToInt(row -> Arrays.stream(row.ids())).asLongStream().toArray();
    long[] spans =
        rows.stream()
            .flatMapToLong(row -> Arrays.stream(new long[] {row.spanOffset(), row.spanLength()}))
            .toArray();
    checks.exact(name, Shape.of(rows.size(), ids.length / rows.size()), ids, golden.integers(name));
    checks.exact(
        name + "_spans", Shape.of(rows.size(), 1, 2), spans, golden.integers(name + "_spans"));
  }
}
