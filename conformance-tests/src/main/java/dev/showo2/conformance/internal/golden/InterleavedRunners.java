package dev.showo2.conformance.internal.golden;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.compare.Checks.Within;
import dev.showo2.conformance.internal.compare.HostTensors;
import dev.showo2.conformance.internal.golden.pass.GreedyText;
import dev.showo2.conformance.internal.golden.pass.LaterImage;
import dev.showo2.conformance.internal.golden.pass.LoadedBackend;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.model.internal.JsonFields;
import dev.showo2.pipeline.GeneratedImage;
import dev.showo2.pipeline.GeneratedStory;
import dev.showo2.pipeline.GeneratedText;
import dev.showo2.pipeline.Story;
import dev.showo2.pipeline.StoryPart;
import dev.showo2.pipeline.StoryRequest;
import dev.showo2.pipeline.TextOptions;
import dev.showo2.sampler.TimeSchedule;
import dev.showo2.sampler.TokenSampling;
import dev.showo2.sampler.internal.Guidance;
import dev.showo2.sequence.internal.SequenceLayout;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Runners of the cases in which text and images take turns. */
final class InterleavedRunners {

  private InterleavedRunners() {}

  /** A later image of a sequence of text and images. */
  static final class LaterImageRunner implements CaseRunner {

    @Override
    public boolean handles(RecordedCase golden) {
      return golden.stage().equals("mixed") && golden.announces("history_latents");
    }

    @Override
    public Rule rule(RecordedCase golden) {
      return Rule.P09;
    }

    @Override
    public Set<Stage> needs(RecordedCase golden) {
      return VELOCITY;
    }

    @Override
    public void run(RecordedCase golden, LoadedBackend subject, Checks checks) {
      LaterImage image =
          new LaterImage(
              Arrays.stream(golden.integers("tokens")).mapToInt(Math::toIntExact).toArray(),
              golden.spans(2),
              HostTensors.withFrameAxis(golden.floats("history_latents")));
      JsonFields settings = golden.settings();
      HostTensor trajectory =
          image.trajectory(
              subject.backend(),
              HostTensors.withFrameAxis(golden.floats("noise")),
              new Guidance((float) settings.number("guidance_scale")),
              TimeSchedule.shifted(
                  settings.integer("num_inference_steps", 2, 100_000),
                  (float) settings.number("time_shift")));
      HostTensor expected = golden.floats("trajectory");
      checks.compare(
          "trajectory",
          trajectory.reshape(expected.shape().toArray()),
          expected,
          Within.TRAJECTORY);
    }
  }

  /** Text that is continued greedily after a finished image. */
  static final class TextAfterImageRunner implements CaseRunner {

    @Override
    public boolean handles(RecordedCase golden) {
      return golden.stage().equals("mixed")
          && golden.announces("input_ids")
          && golden.announces("latents");
    }

    @Override
    public Rule rule(RecordedCase golden) {
      return Rule.P09;
    }

    @Override
    public Set<Stage> needs(RecordedCase golden) {
      return CaseRunner.with(TEXT, Stage.TIME_EMBEDDING, Stage.FUSION);
    }

    @Override
    public void run(RecordedCase golden, LoadedBackend subject, Checks checks) {
      float time = golden.floats("t").values()[0];
      checks.compare(
          "time of a finished image",
          Math.round(time),
          Math.round(SequenceLayout.TIME_BEFORE_TEXT));
      GeneratedText text =
          GreedyText.afterImage(
              subject.model(),
              UnderstandingRunners.TextRunner.ids(golden),
              golden.spans(1).get(0).get(0),
              HostTensors.withFrameAxis(golden.floats("latents")),
              time,
              UnderstandingRunners.TextRunner.length(golden));
      UnderstandingRunners.TextRunner.compareIds(golden, text, checks);
    }
  }

  /** Whole stories from a prompt to texts and images. */
  static final class StoryRunner implements CaseRunner {

    @Override
    public boolean handles(RecordedCase golden) {
      return golden.stage().equals("mixed") && golden.settings().has("texts");
    }

    @Override
    public Rule rule(RecordedCase golden) {
      return Rule.P09;
    }

    @Override
    public Set<Stage> needs(RecordedCase golden) {
      return CaseRunner.with(VELOCITY, Stage.LANGUAGE_HEAD, Stage.VAE_IMAGE_DECODER);
    }

    @Override
    public void run(RecordedCase golden, LoadedBackend subject, Checks checks) {
      GeneratedStory story = new Story(subject.model()).tell(request(golden.settings()));
      checks.compareText(
          "texts",
          String.join("\n", texts(story, subject)),
          String.join("\n", golden.settings().strings("texts")));
      HostTensor latents = golden.floats("latents");
      checks.compare("images", story.images().size(), latents.shape().dimension(0));
      if (story.images().size() == latents.shape().dimension(0)) {
        compareImages(golden, story, latents, checks);
      }
    }

    private static StoryRequest request(JsonFields settings) {
      int topK = settings.integer("top_k", 1, 1_000_000);
      return StoryRequest.builder(settings.string("prompt"))
          .seed(settings.longInteger("seed", 0, 0xffff_ffffL))
          .steps(settings.integer("num_inference_steps", 2, 100_000))
          .guidanceScale((float) settings.number("guidance_scale"))
          .laterGuidanceScale((float) settings.number("later_guidance_scale"))
          .timeShift((float) settings.number("time_shift"))
          .text(
              TextOptions.builder()
                  .options(StoryRequest.DEFAULT_TEXT)
                  .sampling(TokenSampling.builder().topK(topK).build())
                  .build())
          .build();
    }

    /** Texts with the token that ended them, as the goldens have them. */
    private static List<String> texts(GeneratedStory story, LoadedBackend subject) {
      return story.parts().stream()
          .flatMap(
              part -> part instanceof StoryPart.Text text ? Stream.of(text.text()) : Stream.empty())
          .map(text -> subject.model().tokenizer().decode(text.ids(), false))
          .toList();
    }

    private static void compareImages(
        RecordedCase golden, GeneratedStory story, HostTensor latents, Checks checks) {
      long[] pixels = golden.integers("images");
      int count = pixels.length / story.images().size();
      for (int i = 0; i < story.images().size(); i++) {
        GeneratedImage image = story.images().get(i);
        HostTensor expected = HostTensors.slice(latents, 0, i, 1);
        checks.compare(
            "latents " + i,
            image.latents().reshape(expected.shape().toArray()),
            expected,
            Within.TRAJECTORY);
        PixelChecks.compare(
            "image " + i,
            List.of(image.image()),
            Arrays.copyOfRange(pixels, i * count, (i + 1) * count),
            checks);
      }
    }
  }
}
