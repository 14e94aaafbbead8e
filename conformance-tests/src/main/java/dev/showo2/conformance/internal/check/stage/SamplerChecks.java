package dev.showo2.conformance.internal.check.stage;

import dev.showo2.conformance.internal.check.Check;
import dev.showo2.conformance.internal.check.CheckContext;
import dev.showo2.conformance.internal.check.Inputs;
import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.compare.Checks.Within;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.model.Architecture;
import dev.showo2.spi.Backend;
import dev.showo2.stage.Attention;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.FusionRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.Stage;
import dev.showo2.stage.TextEmbeddingRequest;
import dev.showo2.stage.TimeEmbeddingRequest;
import dev.showo2.stage.TimeFeatures;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
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
    try (Branch prompt = Branch.open(backend, PROMPT);
        Branch empty = Branch.open(backend, EMPTY)) {
      velocities.addAll(step(context, backend, 1, 0.2f, List.of(prompt, empty, empty, prompt)));
      velocities.addAll(step(context, backend, 2, 0.7f, List.of(prompt, empty)));
    }
    return velocities;
  }

  private static List<HostTensor> step(
      CheckContext context, Backend backend, long seed, float time, List<Branch> branches) {
    Architecture sizes = context.bundle().architecture();
    HostTensor latents =
        Inputs.normal(
            seed,
            1,
            sizes.vae().latentChannels(),
            1,
            (long) sizes.imageGrid().rows() * sizes.patchSize(),
            (long) sizes.imageGrid().columns() * sizes.patchSize());
    try (Tensor uploaded = backend.upload(latents);
        Tensor image = backend.fusion().fuse(FusionRequest.of(uploaded));
        TimeFeatures features =
            backend.timeEmbedding().embed(TimeEmbeddingRequest.repeated(time, 1))) {
      return branches.stream().map(branch -> branch.velocity(features, image)).toList();
    }
  }

  /** A prompt in both transformers. */
  private record Branch(Backend backend, KvCache backbone, KvCache flowHead)
      implements AutoCloseable {

    static Branch open(Backend backend, int[] prompt) {
      KvCache backbone = backend.backbone().newCache(CacheRequest.of(1));
      try {
        return start(
            new Branch(backend, backbone, backend.flowHead().newCache(CacheRequest.of(1))), prompt);
      } catch (RuntimeException | Error e) {
        try (backbone) {
          throw e;
        }
      }
    }

    private static Branch start(Branch branch, int[] prompt) {
      Backend backend = branch.backend();
      try (Tensor text = backend.textEmbedding().embed(TextEmbeddingRequest.repeated(prompt, 1));
          Tensor hidden =
              backend
                  .backbone()
                  .append(
                      new BackboneRequest(branch.backbone(), List.of(text), Attention.CAUSAL))) {
        backend.flowHead().append(FlowHeadRequest.text(branch.flowHead(), hidden));
        return branch;
      } catch (RuntimeException | Error e) {
        try (branch) {
          throw e;
        }
      }
    }

    HostTensor velocity(TimeFeatures time, Tensor image) {
      BackboneRequest span =
          new BackboneRequest(backbone, List.of(time.token(), image), Attention.FULL);
      try (Tensor hidden = backend.backbone().evaluate(span);
          Tensor velocity =
              backend.flowHead().velocity(FlowHeadRequest.span(flowHead, hidden, time.vector()))) {
        return velocity.toHost();
      }
    }

    @Override
    public void close() {
      try (backbone) {
        flowHead.close();
      }
    }
  }
}
