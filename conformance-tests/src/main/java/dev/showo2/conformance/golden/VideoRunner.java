package dev.showo2.conformance.golden;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.compare.HostTensors;
import dev.showo2.conformance.internal.golden.pass.GoldenFlow;
import dev.showo2.conformance.internal.golden.pass.LoadedBackend;
import dev.showo2.conformance.internal.golden.pass.Trajectory;
import dev.showo2.conformance.internal.golden.pass.VaeDecoding;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.media.ImageDecoder;
import dev.showo2.model.internal.JsonFields;
import dev.showo2.pipeline.FlowOptions;
import dev.showo2.pipeline.GenerationListener;
import dev.showo2.pipeline.ImageToVideo;
import dev.showo2.pipeline.ImageToVideoRequest;
import dev.showo2.pipeline.Task;
import dev.showo2.pipeline.TextToVideo;
import dev.showo2.pipeline.TextToVideoRequest;
import dev.showo2.pipeline.internal.VideoGenerator;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Whole runs from a prompt, or a prompt and a first frame, to the frames of a video. */
final class VideoRunner implements CaseRunner {

  @Override
  public boolean handles(GoldenCase golden) {
    return golden.stage().equals("t2v") || golden.stage().equals("i2v");
  }

  @Override
  public Rule rule(GoldenCase golden) {
    return Rule.P05;
  }

  @Override
  public Set<Stage> needs(GoldenCase golden) {
    Set<Stage> stages =
        new HashSet<>(
            Set.of(
                Stage.TEXT_EMBEDDING,
                Stage.TIME_EMBEDDING,
                Stage.FUSION,
                Stage.BACKBONE,
                Stage.FLOW_HEAD,
                Stage.VAE_VIDEO_DECODER));
    if (golden.settings().has("image")) {
      stages.add(Stage.VAE_IMAGE_ENCODER);
    }
    return stages;
  }

  @Override
  public void run(GoldenCase golden, LoadedBackend subject, Checks checks) {
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
      checks.exact("time points", trajectory.size(), expected.shape().dimension(0));
      checks.trajectory("trajectory", trajectory.stacked(), expected);
    } else {
      checks.trajectory("latents", latents, golden.floats("latents"));
    }
    if (golden.announces("first_latents")) {
      HostTensor first = golden.floats("first_latents");
      HostTensor held = HostTensors.slice(latents, 2, 0, 1);
      checks.stage("first_latents", held.reshape(first.shape().toArray()), first);
    }
    if (golden.announces("pixels")) {
      HostTensor pixels = VaeDecoding.video(subject.backend(), latents);
      checks.trajectory("pixels", VaeDecoding.clamped(pixels), golden.floats("pixels"));
    }
    if (golden.announces("frames")) {
      PixelChecks.compare("frames", frames, golden.integers("frames"), checks);
    }
  }

  /** Where the first frame is held, its latents stand in place of its noise. */
  private static void compareNoise(GoldenCase golden, HostTensor noise, Checks checks) {
    HostTensor drawn = GoldenFlow.drawn(golden.settings(), noise.shape());
    int held = golden.stage().equals("i2v") ? 1 : 0;
    int frames = (int) noise.shape().dimension(2) - held;
    checks.stage(
        "noise",
        HostTensors.slice(drawn, 2, held, frames),
        HostTensors.slice(noise, 2, held, frames));
  }

  private static HostTensor generate(
      GoldenCase golden,
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
