package dev.showo2.conformance.internal.golden;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.compare.Checks.Within;
import dev.showo2.conformance.internal.compare.HostTensors;
import dev.showo2.conformance.internal.golden.pass.GoldenFlow;
import dev.showo2.conformance.internal.golden.pass.LoadedBackend;
import dev.showo2.conformance.internal.golden.pass.PastSequence;
import dev.showo2.conformance.internal.golden.pass.Span;
import dev.showo2.conformance.internal.golden.pass.Trajectory;
import dev.showo2.conformance.internal.golden.pass.VaeDecoding;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.media.ImageDecoder;
import dev.showo2.model.internal.JsonFields;
import dev.showo2.pipeline.FlowOptions;
import dev.showo2.pipeline.GeneratedImage;
import dev.showo2.pipeline.GenerationListener;
import dev.showo2.pipeline.ImageToVideo;
import dev.showo2.pipeline.ImageToVideoRequest;
import dev.showo2.pipeline.Task;
import dev.showo2.pipeline.TextToImage;
import dev.showo2.pipeline.TextToImageRequest;
import dev.showo2.pipeline.TextToVideo;
import dev.showo2.pipeline.TextToVideoRequest;
import dev.showo2.pipeline.internal.VideoGenerator;
import dev.showo2.sampler.Solver;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Runners of the cases from a prompt to an image or a video. */
final class GenerationRunners {

  private GenerationRunners() {}

  /** Whole runs from a prompt to an image, with the latents at every time point. */
  static final class TextToImageRunner implements CaseRunner {

    @Override
    public boolean handles(RecordedCase golden) {
      return golden.stage().equals("t2i");
    }

    @Override
    public Rule rule(RecordedCase golden) {
      return GoldenFlow.solver(golden.settings()) == Solver.EULER ? Rule.P03 : Rule.S04;
    }

    @Override
    public Set<Stage> needs(RecordedCase golden) {
      return CaseRunner.with(VELOCITY, Stage.VAE_IMAGE_DECODER);
    }

    @Override
    public void run(RecordedCase golden, LoadedBackend subject, Checks checks) {
      List<String> prompts = golden.settings().strings("prompts");
      HostTensor noise = golden.floats("noise");
      if (golden.settings().has("seed")) {
        checks.compare(
            "noise", GoldenFlow.drawn(golden.settings(), noise.shape()), noise, Within.STAGE);
      }
      for (int row = 0; row < prompts.size(); row++) {
        String suffix = prompts.size() == 1 ? "" : " " + row;
        run(
            golden,
            subject,
            checks,
            prompts.get(row),
            HostTensors.slice(noise, 0, row, 1),
            row,
            suffix);
      }
    }

    private static void run(
        RecordedCase golden,
        LoadedBackend subject,
        Checks checks,
        String prompt,
        HostTensor noise,
        int row,
        String suffix) {
      Trajectory trajectory = new Trajectory();
      GeneratedImage result =
          new TextToImage(subject.model())
              .generate(request(golden.settings(), prompt, noise), trajectory);
      if (golden.announces("trajectory")) {
        compareTrajectory(golden, checks, trajectory, row, suffix);
      } else {
        checks.compare(
            "latents" + suffix,
            HostTensors.withoutFrameAxis(result.latents()),
            golden.floats("latents"),
            Within.TRAJECTORY);
      }
      if (golden.announces("pixels")) {
        HostTensor expected = HostTensors.slice(golden.floats("pixels"), 0, row, 1);
        checks.compare(
            "pixels" + suffix,
            decode(subject, result.latents(), expected),
            expected,
            Within.TRAJECTORY);
      }
      compareImage(golden, checks, result.image(), row, suffix);
    }

    private static TextToImageRequest request(
        JsonFields settings, String prompt, HostTensor noise) {
      HostTensor start = HostTensors.withFrameAxis(noise);
      return TextToImageRequest.builder(prompt)
          .options(GoldenFlow.options(settings, start))
          .build();
    }

    /** The golden is [points, prompts, C, h, w]. */
    private static void compareTrajectory(
        RecordedCase golden, Checks checks, Trajectory trajectory, int row, String suffix) {
      HostTensor expected = HostTensors.slice(golden.floats("trajectory"), 1, row, 1);
      checks.compare("time points" + suffix, trajectory.size(), expected.shape().dimension(0));
      checks.compare(
          "trajectory" + suffix,
          HostTensors.withoutFrameAxis(trajectory.stacked()),
          expected,
          Within.TRAJECTORY);
    }

    private static HostTensor decode(
        LoadedBackend subject, HostTensor latents, HostTensor expected) {
      HostTensor pixels = VaeDecoding.image(subject.backend(), latents);
      return VaeDecoding.clamped(pixels).reshape(expected.shape().toArray());
    }

    /** The golden is [prompts, H, W, 3], or [H, W, 3] for a single one. */
    private static void compareImage(
        RecordedCase golden, Checks checks, BufferedImage image, int row, String suffix) {
      int count = image.getHeight() * image.getWidth() * 3;
      long[] expected =
          Arrays.copyOfRange(golden.integers("image"), row * count, (row + 1) * count);
      PixelChecks.compare("image" + suffix, List.of(image), expected, checks);
    }
  }

  /** Whole runs from a prompt, or a prompt and a first frame, to the frames of a video. */
  static final class VideoRunner implements CaseRunner {

    @Override
    public boolean handles(RecordedCase golden) {
      return golden.stage().equals("t2v") || golden.stage().equals("i2v");
    }

    @Override
    public Rule rule(RecordedCase golden) {
      return Rule.P05;
    }

    @Override
    public Set<Stage> needs(RecordedCase golden) {
      return golden.settings().has("image")
          ? CaseRunner.with(VELOCITY, Stage.VAE_VIDEO_DECODER, Stage.VAE_IMAGE_ENCODER)
          : CaseRunner.with(VELOCITY, Stage.VAE_VIDEO_DECODER);
    }

    @Override
    public void run(RecordedCase golden, LoadedBackend subject, Checks checks) {
      HostTensor noise = golden.floats("noise");
      JsonFields settings = golden.settings();
      if (settings.has("seed")) {
        compareNoise(golden, noise, checks);
      }
      Trajectory trajectory = new Trajectory();
      List<BufferedImage> frames = new ArrayList<>();
      HostTensor latents =
          generate(golden, subject, GoldenFlow.options(settings, noise), trajectory, frames);
      if (golden.announces("trajectory")) {
        HostTensor expected = golden.floats("trajectory");
        checks.compare("time points", trajectory.size(), expected.shape().dimension(0));
        checks.compare("trajectory", trajectory.stacked(), expected, Within.TRAJECTORY);
      } else {
        checks.compare("latents", latents, golden.floats("latents"), Within.TRAJECTORY);
      }
      if (golden.announces("first_latents")) {
        HostTensor first = golden.floats("first_latents");
        HostTensor held = HostTensors.slice(latents, 2, 0, 1);
        checks.compare("first_latents", held.reshape(first.shape().toArray()), first, Within.STAGE);
      }
      if (golden.announces("pixels")) {
        HostTensor pixels = VaeDecoding.video(subject.backend(), latents);
        checks.compare(
            "pixels", VaeDecoding.clamped(pixels), golden.floats("pixels"), Within.TRAJECTORY);
      }
      if (golden.announces("frames")) {
        PixelChecks.compare("frames", frames, golden.integers("frames"), checks);
      }
    }

    /** Where the first frame is held, its latents stand in place of its noise. */
    private static void compareNoise(RecordedCase golden, HostTensor noise, Checks checks) {
      HostTensor drawn = GoldenFlow.drawn(golden.settings(), noise.shape());
      int held = golden.stage().equals("i2v") ? 1 : 0;
      int frames = (int) noise.shape().dimension(2) - held;
      checks.compare(
          "noise",
          HostTensors.slice(drawn, 2, held, frames),
          HostTensors.slice(noise, 2, held, frames),
          Within.STAGE);
    }

    private static HostTensor generate(
        RecordedCase golden,
        LoadedBackend subject,
        FlowOptions options,
        GenerationListener listener,
        List<BufferedImage> frames) {
      String prompt = golden.settings().strings("prompts").get(0);
      int latentFrames = (int) options.initialLatents().orElseThrow().shape().dimension(2);
      if (golden.settings().has("image")) {
        BufferedImage image = ImageDecoder.read(golden.file("image"));
        return new ImageToVideo(subject.model())
            .generate(
                ImageToVideoRequest.builder(image, prompt)
                    .options(options)
                    .latentFrames(latentFrames)
                    .build(),
                (index, frame) -> frames.add(frame),
                listener)
            .latents();
      }
      if (golden.stage().equals("t2v")) {
        return new TextToVideo(subject.model())
            .generate(
                TextToVideoRequest.builder(prompt)
                    .options(options)
                    .latentFrames(latentFrames)
                    .build(),
                (index, frame) -> frames.add(frame),
                listener)
            .latents();
      }
      // The first frame's latents are given, as a part of the noise.
      HostTensor first = HostTensors.slice(options.initialLatents().orElseThrow(), 2, 0, 1);
      return new VideoGenerator(subject.model(), Task.IMAGE_TO_VIDEO, listener)
          .generate(
              prompt,
              options,
              OptionalInt.of(latentFrames),
              Optional.of(() -> first),
              (index, frame) -> frames.add(frame))
          .latents();
    }
  }

  /** The velocity of a video's latents after each of several prompts. */
  static final class VideoVelocityRunner implements CaseRunner {

    @Override
    public boolean handles(RecordedCase golden) {
      return golden.stage().equals("video") && golden.announces("velocity");
    }

    @Override
    public Rule rule(RecordedCase golden) {
      return Rule.P04;
    }

    @Override
    public Set<Stage> needs(RecordedCase golden) {
      return VELOCITY;
    }

    @Override
    public void run(RecordedCase golden, LoadedBackend subject, Checks checks) {
      Shape tokens = golden.shape("tokens", 2);
      int rows = (int) tokens.dimension(0);
      int length = (int) tokens.dimension(1);
      int[] ids = Arrays.stream(golden.integers("tokens")).mapToInt(Math::toIntExact).toArray();
      List<List<Span>> spans = golden.spans(rows);
      float[] times = golden.floats("t").values();
      HostTensor expected = golden.floats("velocity");
      for (int row = 0; row < rows; row++) {
        int start = row * length;
        int[] prefix = Arrays.copyOfRange(ids, start, start + spans.get(row).get(0).offset());
        checks.compare(
            "velocity " + row,
            PastSequence.velocityAfter(
                subject.backend(), prefix, golden.floats("latents"), times[row]),
            HostTensors.slice(expected, 0, row, 1),
            Within.STAGE);
      }
    }
  }
}
