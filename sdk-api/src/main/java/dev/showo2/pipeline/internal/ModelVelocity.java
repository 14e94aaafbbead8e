package dev.showo2.pipeline.internal;

import dev.showo2.sampler.StepReuse;
import dev.showo2.sampler.internal.Guidance;
import dev.showo2.sampler.internal.ReusedVelocity;
import dev.showo2.sampler.internal.VelocityField;
import dev.showo2.spi.Backend;
import dev.showo2.spi.support.Closer;
import dev.showo2.spi.support.ComposedDenoiseStep;
import dev.showo2.stage.DenoiseStepRequest;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.util.List;

/**
 * The model's velocity in one part of a flow, which may hold tensors from one evaluation to the
 * next. Not thread-safe.
 */
interface ModelVelocity extends VelocityField, AutoCloseable {

  @Override
  default void close() {}

  /**
   * Begins a part of a flow.
   *
   * @param reuse what solver steps reuse; reuse of the velocity itself is not its concern
   * @param steps solver steps of the part
   */
  static ModelVelocity of(Step step, StepReuse reuse, int steps) {
    return reuse.backboneSteps() > 1 ? new ReusedBackbone(step, reuse, steps) : new Fused(step);
  }

  /**
   * The inputs of evaluations (SPEC 7).
   *
   * @param latentShape [B, C, T, h, w]
   * @param guidance where it is disabled, the conditional branch runs alone
   * @param branches stay open
   */
  record Step(Backend backend, Shape latentShape, Guidance guidance, DenoisingBranches branches) {

    private Tensor upload(float[] latents) {
      return backend.upload(new HostTensor(latentShape, latents));
    }

    private DenoiseStepRequest request(float time, Tensor latents) {
      DenoiseStepRequest.Builder request =
          DenoiseStepRequest.builder(latents, time, branches.conditional().caches());
      if (guidance.enabled()) {
        request.guidance(branches.unconditional().orElseThrow().caches(), guidance.scale());
      }
      return request.build();
    }
  }

  /** Velocities by the backend's denoising step. */
  record Fused(Step step) implements ModelVelocity {

    @Override
    public float[] velocity(float time, float[] latents) {
      try (Tensor uploaded = step.upload(latents);
          Tensor velocity = step.backend().denoiseStep().velocity(step.request(time, uploaded))) {
        return velocity.toHost().values();
      }
    }
  }

  /** Velocities of which some take the backbone's hidden states of an earlier step. */
  final class ReusedBackbone implements ModelVelocity {

    private final Step step;
    private final ComposedDenoiseStep stages;
    private final StepReuse reuse;
    private final int steps;
    private int index;
    private List<Tensor> hidden = List.of();

    private ReusedBackbone(Step step, StepReuse reuse, int steps) {
      this.step = step;
      this.stages = new ComposedDenoiseStep(step.backend());
      this.reuse = reuse;
      this.steps = steps;
    }

    @Override
    public float[] velocity(float time, float[] latents) {
      try (Tensor uploaded = step.upload(latents)) {
        DenoiseStepRequest request = step.request(time, uploaded);
        if (ReusedVelocity.isComputedAlways(index, steps)
            || ReusedVelocity.isTurn(index, reuse.backboneSteps())) {
          close();
          hidden = stages.hidden(request);
        }
        index++;
        try (Tensor velocity = stages.velocity(request, hidden)) {
          return velocity.toHost().values();
        }
      }
    }

    @Override
    public void close() {
      List<Tensor> old = hidden;
      hidden = List.of();
      try (Closer closer = new Closer()) {
        closer.addAll(old);
      }
    }
  }
}
