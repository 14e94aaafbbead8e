package dev.showo2.backend.onnx;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.ShowO2;
import dev.showo2.backend.onnx.ExportedModels.Models;
import dev.showo2.demo.world.DemoScores;
import dev.showo2.demo.world.EvalPrompts;
import dev.showo2.demo.world.PromptGrammar;
import dev.showo2.demo.world.PromptGrammar.DemoPrompt;
import dev.showo2.model.Bundle;
import dev.showo2.pipeline.FlowOptions;
import dev.showo2.pipeline.FlowPreset;
import dev.showo2.pipeline.TextToImageRequest;
import dev.showo2.sampler.Solver;
import dev.showo2.sampler.StepReuse;
import dev.showo2.spi.Backend;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.support.ForwardingBackbone;
import dev.showo2.spi.support.ForwardingBackend;
import dev.showo2.spi.support.ForwardingFlowHead;
import dev.showo2.stage.Backbone;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.DenoiseStep;
import dev.showo2.stage.FlowHead;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.Fusion;
import dev.showo2.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Losses of approximations on the demo model, beside fewer points at the same cost: the difference
 * of the pixels from the exact images of the same noise, and what the images show.
 */
@ExtendWith(ExportedModels.class)
class DemoApproximationsTest {

  private static final int POINTS = 50;
  private static final double BALANCED_PSNR = 30;
  private static final double FAST_PSNR = 25;

  /** What the stages of a guided step of 1.5B at 432 pixels share, of backend-tensorrt/ROOFLINE. */
  private static final double FUSION = 0.6505 / 6.583;

  private static final double BACKBONE_BRANCH = 4.0343 / 6.583 / 2;
  private static final double FLOW_HEAD_BRANCH = 1.898 / 6.583 / 2;

  /**
   * A measurement of some images.
   *
   * @param cost of one image, in exact guided steps of the 1.5B model
   * @param psnr of the mean squared error over all images, in decibels
   */
  private record Result(List<BufferedImage> images, DemoScores scores, double cost, double psnr) {}

  @Test
  void presetsKeepTheImagesOfAFewPrompts(Models models, TestReporter reporter) {
    List<DemoPrompt> prompts = EvalPrompts.load().prompts().subList(0, 6);
    try (Measured measured = new Measured(models.bundle("demo"), prompts)) {
      Result exact = measured.draw(options(POINTS).build(), List.of());
      Result balanced =
          measured.draw(FlowOptions.builder().preset(FlowPreset.BALANCED).build(), exact.images());
      Result fast =
          measured.draw(FlowOptions.builder().preset(FlowPreset.FAST).build(), exact.images());
      reporter.publishEntry("balanced", line(balanced));
      reporter.publishEntry("fast", line(fast));
      assertTrue(balanced.psnr() >= BALANCED_PSNR, () -> line(balanced));
      assertTrue(fast.psnr() >= FAST_PSNR, () -> line(fast));
      assertTrue(balanced.cost() < 0.3 * exact.cost(), () -> line(balanced));
      assertTrue(fast.cost() < 0.16 * exact.cost(), () -> line(fast));
    }
  }

  /** The table of the README of the samples. */
  @Tag("measurement")
  @Test
  void approximationsBesideFewerPoints(Models models, TestReporter reporter) {
    List<DemoPrompt> prompts = PromptGrammar.prompts(1, 208);
    Map<Integer, Result> plain = new HashMap<>();
    Result exact;
    try (Measured measured = new Measured(models.bundle("demo"), prompts)) {
      exact = measured.draw(options(POINTS).build(), List.of());
      plain.put(POINTS, exact);
      for (Map.Entry<String, FlowOptions> entry : approximations().entrySet()) {
        Result result = measured.draw(entry.getValue(), exact.images());
        int points = Math.max(2, (int) Math.round(result.cost()) + 1);
        Result fewer =
            plain.computeIfAbsent(points, n -> measured.draw(options(n).build(), exact.images()));
        reporter.publishEntry(
            entry.getKey(), line(result) + " | " + points + " points: " + line(fewer));
        requirePreset(entry.getValue(), result, exact);
      }
    }
    try (Measured measured = new Measured(models.bundle("demo", "int8"), prompts)) {
      for (FlowPreset preset : FlowPreset.values()) {
        FlowOptions options = FlowOptions.builder().preset(preset).build();
        Result result = measured.draw(options, exact.images());
        reporter.publishEntry("int8, " + preset.id(), line(result));
        requirePreset(options, result, exact);
      }
    }
  }

  private static Map<String, FlowOptions> approximations() {
    Map<String, FlowOptions> all = new LinkedHashMap<>();
    for (FlowPreset preset : FlowPreset.values()) {
      all.put("preset " + preset.id(), FlowOptions.builder().preset(preset).build());
    }
    all.put("velocity:2, 13", options(13).reuse(StepReuse.velocity(2)).build());
    for (String reuse :
        List.of(
            "velocity:2",
            "velocity:4",
            "adaptive:0.1",
            "adaptive:0.2",
            "backbone:2",
            "backbone:4")) {
      all.put("reuse " + reuse, options(POINTS).reuse(StepReuse.ofId(reuse)).build());
    }
    all.put("guidance to 0.6", options(POINTS).guidanceEnd(0.6f).build());
    all.put("guidance from 0.1", options(POINTS).guidanceStart(0.1f).build());
    for (Solver solver : List.of(Solver.AB2, Solver.UNIPC)) {
      for (int points : new int[] {25, 15, 9}) {
        all.put(solver.id() + ", " + points, options(points).solver(solver).build());
      }
    }
    return all;
  }

  /** The bars of the presets: decibels, and points of accuracy. */
  private static void requirePreset(FlowOptions options, Result result, Result exact) {
    options
        .preset()
        .filter(preset -> preset != FlowPreset.QUALITY)
        .ifPresent(
            preset -> {
              boolean balanced = preset == FlowPreset.BALANCED;
              double least = exact.scores().all() - (balanced ? 0.01 : 0.03);
              assertTrue(result.psnr() >= (balanced ? BALANCED_PSNR : FAST_PSNR), line(result));
              assertTrue(result.scores().all() >= least, line(result));
            });
  }

  private static FlowOptions.Builder options(int points) {
    return FlowOptions.builder().steps(points);
  }

  private static String line(Result result) {
    return String.format(
        Locale.ROOT,
        "cost %.1f, %.1f dB, right %.1f %%",
        result.cost(),
        result.psnr(),
        100 * result.scores().all());
  }

  /** The demo model, whose work is counted. */
  private static final class Measured implements AutoCloseable {

    private final Counted backend;
    private final ShowO2 model;
    private final List<DemoPrompt> prompts;

    Measured(Bundle bundle, List<DemoPrompt> prompts) {
      this.prompts = prompts;
      backend = new Counted(new OnnxBackendProvider().open(bundle, BackendConfig.defaults()));
      model = ShowO2.of(bundle, backend);
    }

    Result draw(FlowOptions options, List<BufferedImage> exact) {
      backend.cost = 0;
      List<BufferedImage> images = new ArrayList<>();
      DemoScores scores = new DemoScores();
      double error = 0;
      for (int i = 0; i < prompts.size(); i++) {
        FlowOptions seeded = options.toBuilder().seed(DemoAccuracyTest.FIRST_SEED + i).build();
        BufferedImage image =
            model
                .textToImage()
                .generate(TextToImageRequest.builder(prompts.get(i).text()).options(seeded).build())
                .image();
        images.add(image);
        scores.add(prompts.get(i), image);
        error += exact.isEmpty() ? 0 : squaredError(image, exact.get(i));
      }
      double psnr = 10 * Math.log10(255 * 255 / (error / prompts.size()));
      return new Result(images, scores, backend.cost / prompts.size(), psnr);
    }

    @Override
    public void close() {
      try (backend) {
        model.close();
      }
    }
  }

  private static double squaredError(BufferedImage a, BufferedImage b) {
    double sum = 0;
    for (int y = 0; y < a.getHeight(); y++) {
      for (int x = 0; x < a.getWidth(); x++) {
        for (int shift = 0; shift < 24; shift += 8) {
          double difference = (a.getRGB(x, y) >> shift & 255) - (b.getRGB(x, y) >> shift & 255);
          sum += difference * difference;
        }
      }
    }
    return sum / (3.0 * a.getWidth() * a.getHeight());
  }

  /** A backend whose denoising steps are composed, so that each stage's calls are counted. */
  private static final class Counted extends ForwardingBackend {

    private double cost;

    Counted(Backend delegate) {
      super(delegate);
    }

    @Override
    public DenoiseStep denoiseStep() {
      return composedDenoiseStep();
    }

    @Override
    public Fusion fusion() {
      return request -> {
        cost += FUSION;
        return delegate.fusion().fuse(request);
      };
    }

    @Override
    public Backbone backbone() {
      return new ForwardingBackbone(delegate.backbone()) {
        @Override
        public List<Tensor> evaluateAll(List<BackboneRequest> requests) {
          cost += BACKBONE_BRANCH * requests.size();
          return super.evaluateAll(requests);
        }
      };
    }

    @Override
    public FlowHead flowHead() {
      return new ForwardingFlowHead(delegate.flowHead()) {
        @Override
        public List<Tensor> velocityAll(List<FlowHeadRequest> requests) {
          cost += FLOW_HEAD_BRANCH * requests.size();
          return super.velocityAll(requests);
        }
      };
    }
  }
}
