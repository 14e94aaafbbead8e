package dev.showo2.conformance.golden;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.compare.HostTensors;
import dev.showo2.conformance.internal.golden.pass.GoldenFlow;
import dev.showo2.conformance.internal.golden.pass.LoadedBackend;
import dev.showo2.conformance.internal.golden.pass.Trajectory;
import dev.showo2.conformance.internal.golden.pass.VaeDecoding;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.model.internal.JsonFields;
import dev.showo2.pipeline.GeneratedImage;
import dev.showo2.pipeline.TextToImage;
import dev.showo2.pipeline.TextToImageRequest;
import dev.showo2.sampler.Solver;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Whole runs from a prompt to an image, with the latents at every time point. */
final class TextToImageRunner implements CaseRunner {

  @Override
  public boolean handles(GoldenCase golden) {
    return golden.stage().equals("t2i");
  }

  @Override
  public Rule rule(GoldenCase golden) {
    return GoldenFlow.solver(golden.settings()) == Solver.EULER ? Rule.P03 : Rule.S04;
  }

  @Override
  public Set<Stage> needs(GoldenCase golden) {
    return Set.of(
        Stage.TEXT_EMBEDDING,
        Stage.TIME_EMBEDDING,
        Stage.FUSION,
        Stage.BACKBONE,
        Stage.FLOW_HEAD,
        Stage.VAE_IMAGE_DECODER);
  }

  @Override
  public void run(GoldenCase golden, LoadedBackend subject, Checks checks) {
    List<String> prompts = golden.settings().strings("prompts");
    HostTensor noise = golden.floats("noise");
    if (golden.settings().has("seed")) {
      checks.stage("noise", GoldenFlow.drawn(golden.settings(), noise.shape()), noise);
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
      GoldenCase golden,
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
      checks.trajectory(
          "latents" + suffix,
          HostTensors.withoutFrameAxis(result.latents()),
          golden.floats("latents"));
    }
    if (golden.announces("pixels")) {
      HostTensor expected = HostTensors.slice(golden.floats("pixels"), 0, row, 1);
      checks.trajectory("pixels" + suffix, decode(subject, result.latents(), expected), expected);
    }
    compareImage(golden, checks, result.image(), row, suffix);
  }

  private static TextToImageRequest request(JsonFields settings, String prompt, HostTensor noise) {
    HostTensor start = HostTensors.withFrameAxis(noise);
    return TextToImageRequest.builder(prompt).options(GoldenFlow.options(settings, start)).build();
  }

  /** The golden is [points, prompts, C, h, w]. */
  private static void compareTrajectory(
      GoldenCase golden, Checks checks, Trajectory trajectory, int row, String suffix) {
    HostTensor expected = HostTensors.slice(golden.floats("trajectory"), 1, row, 1);
    checks.exact("time points" + suffix, trajectory.size(), expected.shape().dimension(0));
    checks.trajectory(
        "trajectory" + suffix, HostTensors.withoutFrameAxis(trajectory.stacked()), expected);
  }

  private static HostTensor decode(LoadedBackend subject, HostTensor latents, HostTensor expected) {
    HostTensor pixels = VaeDecoding.image(subject.backend(), latents);
    return VaeDecoding.clamped(pixels).reshape(expected.shape().toArray());
  }

  /** The golden is [prompts, H, W, 3], or [H, W, 3] for a single one. */
  private static void compareImage(
      GoldenCase golden, Checks checks, BufferedImage image, int row, String suffix) {
    int count = image.getHeight() * image.getWidth() * 3;
    long[] expected = Arrays.copyOfRange(golden.integers("image"), row * count, (row + 1) * count);
    PixelChecks.compare("image" + suffix, List.of(image), expected, checks);
  }
}
