package dev.showo2.conformance.wrapper;

import dev.showo2.stage.DenoiseStep;
import dev.showo2.stage.DenoiseStepRequest;
import dev.showo2.stage.DenoiseStepRequest.Branch;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Latents [B, C, T, h, w] to a velocity of the same shape; all caches stay as they are. */
record AssertingDenoiseStep(Watch watch, DenoiseStep real) implements DenoiseStep {

  @Override
  public Tensor velocity(DenoiseStepRequest request) {
    try (Call call = watch.begin("DenoiseStep.velocity")) {
      call.requirePresent("request", request);
      List<AssertingCache> caches = new ArrayList<>();
      Branch conditional = branch(call, request.conditional(), caches);
      AssertingTensor latents =
          call.tensor(
              "latents",
              request.latents(),
              caches.get(0).sequences(),
              watch.architecture().vae().latentChannels(),
              Call.ANY,
              Call.ANY,
              Call.ANY);
      DenoiseStepRequest.Builder inner =
          DenoiseStepRequest.builder(latents.real(), request.time(), conditional);
      request
          .unconditional()
          .ifPresent(other -> inner.guidance(branch(call, other, caches), request.guidance()));
      for (AssertingCache cache : caches) {
        call.callerOwes(
            cache.sequences() == latents.dimension(0),
            "caches of the batch " + latents.dimension(0),
            cache);
      }
      Tensor velocity =
          AssertingCache.keepAll(call, caches, () -> call.run(() -> real.velocity(inner.build())));
      return call.done(call.given("a velocity", velocity, latents.known().toArray()));
    }
  }

  private static Branch branch(Call call, Branch branch, List<AssertingCache> caches) {
    AssertingCache backbone = call.cache(branch.backbone(), Stage.BACKBONE);
    AssertingCache flowHead = call.cache(branch.flowHead(), Stage.FLOW_HEAD);
    call.callerOwes(
        backbone.positions() == flowHead.positions(),
        "a branch whose two caches have one length",
        backbone.positions() + " and " + flowHead.positions() + " positions");
    caches.add(backbone);
    caches.add(flowHead);
    return Branch.of(backbone.real(), flowHead.real());
  }
}
