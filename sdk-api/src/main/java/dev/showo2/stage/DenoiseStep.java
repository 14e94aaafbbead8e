package dev.showo2.stage;

import dev.showo2.tensor.Tensor;
import org.apiguardian.api.API;

/**
 * One evaluation of the flow's velocity, as solvers ask for it: time embedding, fusion, backbone
 * and flow head over one or both branches, and classifier-free guidance (SPEC 7). Thread-safe, each
 * call with caches of its own.
 *
 * <p>The stage is optional: {@link dev.showo2.spi.Backend#denoiseStep()} composes it from the
 * others by default. A backend that fuses it gives the values of the composition, up to rounding. A
 * backend makes a NaN or infinity that arises on the way visible in the velocity, so that the
 * request fails; layers that quantize their inputs would hide it.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@FunctionalInterface
public interface DenoiseStep {

  /**
   * Computes the velocity of latents at a time, and leaves all caches as they were.
   *
   * <p>With both branches it is u + s·(c − u), for the velocities c of the conditional and u of the
   * unconditional branch and the guidance scale s; without the unconditional branch it is c.
   *
   * <p>The flow head's rows [B, T·(h/p)·(w/p), p·p·C] are put back into the layout of latents in
   * the released code's way (SPEC 6): they are taken for [B, T, h·w, C], and the channels are moved
   * to the front.
   *
   * @param request latents, time and the branches; all stay open
   * @return guided velocity [B, C, T, h, w], the shape of the latents; the caller reads and closes
   *     it. It may be located on the host and is not input for another stage.
   */
  Tensor velocity(DenoiseStepRequest request);
}
