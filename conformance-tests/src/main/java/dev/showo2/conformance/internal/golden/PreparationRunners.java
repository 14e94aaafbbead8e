package dev.showo2.conformance.internal.golden;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.compare.Checks.Within;
import dev.showo2.conformance.internal.golden.pass.LoadedBackend;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.media.ImageDecoder;
import dev.showo2.media.internal.ImagePreprocessor;
import dev.showo2.model.internal.JsonFields;
import dev.showo2.pipeline.internal.LoadedModel;
import dev.showo2.sampler.TimeSchedule;
import dev.showo2.sampler.TokenSampling;
import dev.showo2.sampler.TorchRandom;
import dev.showo2.sampler.internal.TokenSampler;
import dev.showo2.sequence.internal.TokenRow;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Runners of the cases that need no backend: prompts, images, schedules and token sampling. */
final class PreparationRunners {

  private PreparationRunners() {}

  /** Prompts to the rows of token ids that the reference makes of them. */
  static final class PromptRunner implements CaseRunner {

    @Override
    public boolean handles(RecordedCase golden) {
      return golden.stage().equals("prompt");
    }

    @Override
    public Rule rule(RecordedCase golden) {
      return Rule.P01;
    }

    @Override
    public Set<Stage> needs(RecordedCase golden) {
      return Set.of();
    }

    @Override
    public void run(RecordedCase golden, LoadedBackend subject, Checks checks) {
      LoadedModel model = subject.model();
      List<String> prompts = golden.settings().strings("prompts");
      List<TokenRow> conditional =
          prompts.stream().map(prompt -> row(golden, model, prompt)).toList();
      List<TokenRow> unconditional =
          prompts.stream().map(prompt -> row(golden, model, "")).toList();
      compare(golden, checks, "cond", conditional);
      compare(golden, checks, "uncond", unconditional);
    }

    private static TokenRow row(RecordedCase golden, LoadedModel model, String prompt) {
      JsonFields settings = golden.settings();
      return model
          .layout()
          .textToImageRow(
              model.tokenizer().encode(prompt),
              settings.integer("num_image_tokens", 1, 100_000),
              settings.integer("max_text_len", 1, 100_000));
    }

    private static void compare(
        RecordedCase golden, Checks checks, String name, List<TokenRow> rows) {
      long[] ids =
          rows.stream().flatMapToInt(row -> Arrays.stream(row.ids())).asLongStream().toArray();
      long[] spans =
          rows.stream()
              .flatMapToLong(row -> Arrays.stream(new long[] {row.spanOffset(), row.spanLength()}))
              .toArray();
      checks.compare(
          name, Shape.of(rows.size(), ids.length / rows.size()), ids, golden.integers(name));
      checks.compare(
          name + "_spans", Shape.of(rows.size(), 1, 2), spans, golden.integers(name + "_spans"));
    }
  }

  /** Images to the pixels that the VAE takes: center crop and letterbox. */
  static final class PreprocessRunner implements CaseRunner {

    private static final int LARGEST = 1 << 14;

    @Override
    public boolean handles(RecordedCase golden) {
      return golden.stage().equals("preprocess");
    }

    @Override
    public Rule rule(RecordedCase golden) {
      return Rule.P02;
    }

    @Override
    public Set<Stage> needs(RecordedCase golden) {
      return Set.of();
    }

    @Override
    public void run(RecordedCase golden, LoadedBackend subject, Checks checks) {
      BufferedImage image = ImageDecoder.read(golden.file("image"));
      JsonFields settings = golden.settings();
      HostTensor pixels;
      if (settings.has("resolution")) {
        int side = settings.integer("resolution", 1, LARGEST);
        pixels = ImagePreprocessor.centerCrop(image, side, side);
      } else {
        pixels =
            ImagePreprocessor.letterbox(
                image,
                settings.integer("height", 1, LARGEST),
                settings.integer("width", 1, LARGEST));
      }
      checks.compare("pixels", pixels, golden.floats("pixels"), Within.PREPROCESSED);
    }
  }

  /** Schedules of flow times, and the distributions that token sampling draws from. */
  static final class SamplerRunner implements CaseRunner {

    @Override
    public boolean handles(RecordedCase golden) {
      return golden.stage().equals("sampler");
    }

    @Override
    public Rule rule(RecordedCase golden) {
      return golden.announces("t") ? Rule.S01 : Rule.S02;
    }

    @Override
    public Set<Stage> needs(RecordedCase golden) {
      return Set.of();
    }

    @Override
    public void run(RecordedCase golden, LoadedBackend subject, Checks checks) {
      if (golden.announces("t")) {
        schedule(golden, checks);
      } else {
        tokenFilter(golden, checks);
      }
    }

    private static void schedule(RecordedCase golden, Checks checks) {
      JsonFields settings = golden.settings();
      float[] times =
          TimeSchedule.shifted(
              settings.integer("num_inference_steps", 2, 100_000),
              (float) settings.number("time_shift"));
      checks.compare(
          "t", new HostTensor(Shape.of(times.length), times), golden.floats("t"), Within.STAGE);
    }

    private static void tokenFilter(RecordedCase golden, Checks checks) {
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
      checks.compare(
          "probabilities",
          new HostTensor(logits.shape(), probabilities),
          golden.floats("probabilities"),
          Within.STAGE);
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
}
