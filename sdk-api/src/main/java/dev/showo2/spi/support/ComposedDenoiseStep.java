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
    try (Tensor image = image(request);
        TimeFeatures time = time(request);
        Closer closer = new Closer()) {
      return velocity(request, closer.addAll(hidden(request, image, time)), time);
    }
  }

  /**
   * Computes the first part of a step: time embedding, fusion and backbone.
   *
   * @param request latents, time and the branches; all stay open
   * @return the hidden states of the spans [B, 1 + L, D], of the conditional branch first; the
   *     caller closes them
   */
  public List<Tensor> hidden(DenoiseStepRequest request) {
    try (Tensor image = image(request);
        TimeFeatures time = time(request)) {
      return hidden(request, image, time);
    }
  }

  /**
   * Computes the second part of a step: flow head and guidance.
   *
   * @param request time and the branches, and latents of which the shape is taken; all stay open
   * @param hidden as {@link #hidden} gives it, of this step or, as an approximation, of an earlier
   *     one with the same branches; stays open
   * @return as {@link #velocity(DenoiseStepRequest)}
   */
  public Tensor velocity(DenoiseStepRequest request, List<Tensor> hidden) {
    try (TimeFeatures time = time(request)) {
      return velocity(request, hidden, time);
    }
  }

  private Tensor image(DenoiseStepRequest request) {
    return backend.fusion().fuse(FusionRequest.of(request.latents()));
  }

  private TimeFeatures time(DenoiseStepRequest request) {
    int batch = Math.toIntExact(request.latents().shape().dimension(0));
    return backend.timeEmbedding().embed(TimeEmbeddingRequest.repeated(request.time(), batch));
  }

  private List<Tensor> hidden(DenoiseStepRequest request, Tensor image, TimeFeatures time) {
    List<Tensor> parts = List.of(time.token(), image);
    List<Tensor> hidden =
        backend
            .backbone()
            .evaluateAll(
                branches(request).stream()
                    .map(branch -> BackboneRequest.of(branch.backbone(), parts, Attention.FULL))
                    .toList());
    try {
      hidden.forEach(states -> FiniteValues.require("hidden states", states));
      return hidden;
    } catch (Throwable e) {
      Closer.closeAfter(e, () -> closeAll(hidden));
      throw e;
    }
  }

  private static void closeAll(List<Tensor> tensors) {
    try (Closer closer = new Closer()) {
      closer.addAll(tensors);
    }
  }

  private Tensor velocity(DenoiseStepRequest request, List<Tensor> hidden, TimeFeatures time) {
    List<Branch> branches = branches(request);
    List<FlowHeadRequest> spans = new ArrayList<>();
    for (int i = 0; i < branches.size(); i++) {
      spans.add(FlowHeadRequest.span(branches.get(i).flowHead(), hidden.get(i), time.vector()));
    }
    List<HostTensor> velocities;
    try (Closer closer = new Closer()) {
      velocities =
          closer.addAll(backend.flowHead().velocityAll(spans)).stream()
              .map(Tensor::toHost)
              .toList();
    }
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

  private static List<Branch> branches(DenoiseStepRequest request) {
    List<Branch> branches = new ArrayList<>();
    branches.add(request.conditional());
    request.unconditional().ifPresent(branches::add);
    return branches;
  }
}
