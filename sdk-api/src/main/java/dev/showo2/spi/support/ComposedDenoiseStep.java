package dev.showo2.spi.support;

import dev.showo2.sampler.internal.FiniteValues;
import dev.showo2.sampler.internal.Guidance;
import dev.showo2.sampler.internal.VelocityLayout;
import dev.showo2.spi.Backend;
import dev.showo2.stage.Attention;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.DenoiseStep;
import dev.showo2.stage.DenoiseStepRequest;
import dev.showo2.stage.DenoiseStepRequest.Branch;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.FusionRequest;
import dev.showo2.stage.TimeEmbeddingRequest;
import dev.showo2.stage.TimeFeatures;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * A denoising step that is composed of the stages of a backend. Both branches see the same latents
 * and time, so fusion and time embedding run once for the two; guidance is computed on the host in
 * 32-bit floats. Thread-safe, as its backend is.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ComposedDenoiseStep implements DenoiseStep {

  private final Backend backend;

  /**
   * Composes the step of a backend.
   *
   * @param backend whose accessors are asked for the stages in each call; a decorator passes itself
   */
  public ComposedDenoiseStep(Backend backend) {
    this.backend = Objects.requireNonNull(backend, "backend");
  }

  @Override
  public Tensor velocity(DenoiseStepRequest request) {
    List<Branch> branches = new ArrayList<>();
    branches.add(request.conditional());
    request.unconditional().ifPresent(branches::add);
    List<HostTensor> velocities = tokenVelocities(request, branches);
    float[] values = velocities.get(0).values();
    if (branches.size() > 1) {
      values = new Guidance(request.guidance()).combine(velocities.get(1).values(), values);
    }
    Shape latents = request.latents().shape();
    return HostBackedTensor.detached(
        VelocityLayout.unpatchify(
            new HostTensor(velocities.get(0).shape(), values),
            Math.toIntExact(latents.dimension(2)),
            Math.toIntExact(latents.dimension(3)),
            Math.toIntExact(latents.dimension(4))));
  }

  /** One velocity per token [B, L, p·p·C] for each branch. */
  private List<HostTensor> tokenVelocities(DenoiseStepRequest request, List<Branch> branches) {
    int batch = Math.toIntExact(request.latents().shape().dimension(0));
    try (Closer closer = new Closer()) {
      Tensor image = closer.add(backend.fusion().fuse(FusionRequest.of(request.latents())));
      TimeFeatures time =
          closer.add(
              backend.timeEmbedding().embed(TimeEmbeddingRequest.repeated(request.time(), batch)));
      List<Tensor> hidden =
          closer.addAll(
              backend.backbone().evaluateAll(spans(branches, List.of(time.token(), image))));
      hidden.forEach(states -> FiniteValues.require("hidden states", states));
      List<Tensor> velocities =
          closer.addAll(backend.flowHead().velocityAll(spans(branches, hidden, time)));
      return velocities.stream().map(Tensor::toHost).toList();
    }
  }

  private static List<BackboneRequest> spans(List<Branch> branches, List<Tensor> parts) {
    return branches.stream()
        .map(branch -> BackboneRequest.of(branch.backbone(), parts, Attention.FULL))
        .toList();
  }

  private static List<FlowHeadRequest> spans(
      List<Branch> branches, List<Tensor> hidden, TimeFeatures time) {
    List<FlowHeadRequest> spans = new ArrayList<>();
    for (int i = 0; i < branches.size(); i++) {
      spans.add(FlowHeadRequest.span(branches.get(i).flowHead(), hidden.get(i), time.vector()));
    }
    return spans;
  }
}
