package dev.showo2.pipeline.internal;

import dev.showo2.pipeline.DenoisingStep;
import dev.showo2.pipeline.GenerationListener;
import dev.showo2.pipeline.Preview;
import dev.showo2.sampler.internal.TrajectoryObserver;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import java.time.Duration;

/** Tells a request's listener each step of a flow, and shows it previews where it asks for them. */
final class StepProgress implements TrajectoryObserver {

  private final LoadedModel model;
  private final GenerationListener listener;
  private final int imageIndex;
  private final int total;
  private final Shape shape;
  private final long start = System.nanoTime();
  private float lastTime;
  private float[] last;

  /**
   * @param imageIndex which image of the request it is
   * @param total steps that there will be
   * @param shape of the latents, [1, C, T, h, w]
   */
  StepProgress(LoadedModel model, RequestContext run, int imageIndex, int total, Shape shape) {
    this.model = model;
    this.listener = run.listener();
    this.imageIndex = imageIndex;
    this.total = total;
    this.shape = shape;
  }

  /** For the rest of a flow, whose first point was the last of what came before. */
  TrajectoryObserver from(int step) {
    return (index, time, latents) -> {
      // Told already; only where nothing came before is it new.
      if (index > 0 || step == 0) {
        observe(step + index, time, latents);
      }
    };
  }

  @Override
  public void observe(int index, float time, float[] latents) {
    HostTensor state = new HostTensor(shape, latents);
    Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
    listener.step(new DenoisingStep(imageIndex, index, total, time, elapsed, state));
    int every = listener.previewEvery();
    if (every > 0 && index > 0 && index % every == 0) {
      HostTensor expected = new HostTensor(shape, expected(time, latents));
      listener.preview(new Preview(imageIndex, index, model.preview().frames(expected)));
    }
    lastTime = time;
    last = latents;
  }

  /** Where the latents would end if they kept the course of the last step: without its noise. */
  private float[] expected(float time, float[] latents) {
    float ahead = (1 - time) / (time - lastTime);
    float[] expected = new float[latents.length];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = latents[i] + ahead * (latents[i] - last[i]);
    }
    return expected;
  }
}
