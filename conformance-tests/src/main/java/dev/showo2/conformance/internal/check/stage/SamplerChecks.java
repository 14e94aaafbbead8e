package dev.showo2.conformance.internal.check.stage;

import dev.showo2.conformance.internal.check.Check;
import dev.showo2.conformance.internal.check.CheckContext;
import dev.showo2.conformance.internal.check.Inputs;
import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.compare.Checks.Within;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.model.Architecture;
import dev.showo2.sampler.internal.Guidance;
import dev.showo2.sampler.internal.VelocityLayout;
import dev.showo2.spi.Backend;
import dev.showo2.stage.DenoiseStepRequest;
import dev.showo2.stage.FusionRequest;
import dev.showo2.stage.Stage;
import dev.showo2.stage.TimeEmbeddingRequest;
import dev.showo2.stage.TimeFeatures;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apiguardian.api.API;

/** Checks of chapter S, the sampler. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class SamplerChecks {

  private static final int[] PROMPT = {5, 17, 300, 42, 7, 99};

  private static final int[] EMPTY = {5, 7};

  private SamplerChecks() {}

  /** All checks of the chapter. */
  public static List<Check> all() {
    return List.of(
        Check.of(
            Rule.S05,
            "the-same-latents-after-two-prompts",
            SamplerChecks::s05GuidedBranches,
            Stage.TEXT_EMBEDDING,
            Stage.TIME_EMBEDDING,
            Stage.FUSION,
            Stage.BACKBONE,
            Stage.FLOW_HEAD),
        Check.of(
            Rule.S06,
            "step-and-stages",
            SamplerChecks::s06DenoiseStep,
            Stage.TEXT_EMBEDDING,
            Stage.TIME_EMBEDDING,
            Stage.FUSION,
            Stage.BACKBONE,
            Stage.FLOW_HEAD));
  }

  private static void s05GuidedBranches(CheckContext context, Checks checks) {
    List<HostTensor> actual = velocities(context, context.backend());
    List<HostTensor> expected = velocities(context, context.reference());
    List<String> names =
        List.of(
            "with the prompt",
            "without it",
            "without it again",
            "with the prompt again",
            "with the prompt, a step later",
            "without it, a step later");
    checks.hint(
        "look for results that are remembered by latents and time alone: the branches share both"
            + " and differ in their caches");
    for (int i = 0; i < names.size(); i++) {
      checks.compare(names.get(i), actual.get(i), expected.get(i), Within.STAGE);
    }
  }

  private static List<HostTensor> velocities(CheckContext context, Backend backend) {
    List<HostTensor> velocities = new ArrayList<>();
    try (PromptBranch prompt = PromptBranch.open(backend, PROMPT);
        PromptBranch empty = PromptBranch.open(backend, EMPTY)) {
      velocities.addAll(step(context, backend, 1, 0.2f, List.of(prompt, empty, empty, prompt)));
      velocities.addAll(step(context, backend, 2, 0.7f, List.of(prompt, empty)));
    }
    return velocities;
  }

  private static List<HostTensor> step(
      CheckContext context, Backend backend, long seed, float time, List<PromptBranch> branches) {
    HostTensor latents = latents(context, seed, 1);
    try (Tensor uploaded = backend.upload(latents);
        Tensor image = backend.fusion().fuse(FusionRequest.of(uploaded));
        TimeFeatures features =
            backend.timeEmbedding().embed(TimeEmbeddingRequest.repeated(time, 1))) {
      return branches.stream().map(branch -> branch.velocity(features, image)).toList();
    }
  }

  private static HostTensor latents(CheckContext context, long seed, int frames) {
    Architecture sizes = context.bundle().architecture();
    return Inputs.normal(
        seed,
        1,
        sizes.vae().latentChannels(),
        frames,
        (long) sizes.imageGrid().rows() * sizes.patchSize(),
        (long) sizes.imageGrid().columns() * sizes.patchSize());
  }

  private static void s06DenoiseStep(CheckContext context, Checks checks) {
    Backend backend = context.backend();
    HostTensor image = latents(context, 3, 1);
    HostTensor video = latents(context, 4, 2);
    checks.hint(
        "compare the step with time embedding, fusion, backbone and flow head one by one: look at"
            + " which caches each branch sees, at u + s(c - u), and at the layout of the result");
    try (PromptBranch prompt = PromptBranch.open(backend, PROMPT);
        PromptBranch empty = PromptBranch.open(backend, EMPTY)) {
      Optional<PromptBranch> other = Optional.of(empty);
      compareStep(checks, "an image with guidance 3.5", prompt, other, 3.5f, 0.2f, image);
      compareStep(checks, "an image with guidance 7", prompt, other, 7, 0.7f, image);
      compareStep(checks, "an image without guidance", prompt, Optional.empty(), 1, 0.7f, image);
      compareStep(checks, "a video with guidance 3.5", prompt, other, 3.5f, 0.4f, video);
      for (PromptBranch branch : List.of(prompt, empty)) {
        int length = branch == prompt ? PROMPT.length : EMPTY.length;
        checks.compare("length of the backbone's cache", branch.backbone().length(), length);
        checks.compare("length of the flow head's cache", branch.flowHead().length(), length);
      }
    }
  }

  private static void compareStep(
      Checks checks,
      String name,
      PromptBranch conditional,
      Optional<PromptBranch> unconditional,
      float guidance,
      float time,
      HostTensor latents) {
    Backend backend = conditional.backend();
    try (Tensor uploaded = backend.upload(latents)) {
      DenoiseStepRequest.Builder request =
          DenoiseStepRequest.builder(uploaded, time, conditional.caches());
      unconditional.ifPresent(branch -> request.guidance(branch.caches(), guidance));
      HostTensor actual;
      try (Tensor velocity = backend.denoiseStep().velocity(request.build())) {
        actual = velocity.toHost();
      }
      checks.compare(
          name,
          actual,
          composed(conditional, unconditional, new Guidance(guidance), time, uploaded),
          Within.TRAJECTORY);
    }
  }

  /** The step by the stages, one call after the other. */
  private static HostTensor composed(
      PromptBranch conditional,
      Optional<PromptBranch> unconditional,
      Guidance guidance,
      float time,
      Tensor latents) {
    Backend backend = conditional.backend();
    try (Tensor image = backend.fusion().fuse(FusionRequest.of(latents));
        TimeFeatures features =
            backend.timeEmbedding().embed(TimeEmbeddingRequest.repeated(time, 1))) {
      HostTensor rows = conditional.velocity(features, image);
      if (unconditional.isPresent()) {
        HostTensor without = unconditional.get().velocity(features, image);
        rows = new HostTensor(rows.shape(), guidance.combine(without.values(), rows.values()));
      }
      Shape shape = latents.shape();
      return VelocityLayout.unpatchify(
          rows, (int) shape.dimension(2), (int) shape.dimension(3), (int) shape.dimension(4));
    }
  }
}
