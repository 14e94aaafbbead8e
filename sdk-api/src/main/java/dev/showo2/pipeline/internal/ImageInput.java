package dev.showo2.pipeline.internal;

import dev.showo2.pipeline.LatentChoice;
import dev.showo2.sampler.TorchRandom;
import dev.showo2.sampler.internal.LatentSampling;
import dev.showo2.sequence.internal.VisualTokens;
import dev.showo2.stage.FusionRequest;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.util.List;
import org.apiguardian.api.API;

/**
 * An image of a question; the model sees its middle (SPEC 9).
 *
 * @param model that answers
 * @param image of any size
 * @param choice of the latents
 * @param seed of sampled latents
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public record ImageInput(LoadedModel model, BufferedImage image, LatentChoice choice, long seed)
    implements VisualInput {

  @Override
  public VisualTokens layout() {
    return VisualTokens.image(model.architecture().imageGrid().tokens());
  }

  @Override
  public List<Tensor> tokens(RequestContext run) {
    run.check();
    HostTensor latents = latents();
    run.check();
    try (Tensor uploaded = model.backend().upload(latents)) {
      return List.of(model.backend().fusion().fuse(FusionRequest.of(uploaded)));
    }
  }

  /** {@return the latents [1, C, 1, h, w]} */
  public HostTensor latents() {
    return ImageEncoder.of(model, model.architecture().imageGrid())
        .encode(
            image,
            distribution -> {
              HostTensor mean = distribution.mean().toHost();
              return switch (choice) {
                case MEAN -> mean;
                case SAMPLE ->
                    LatentSampling.sample(
                        mean, distribution.logVariance().toHost(), new TorchRandom(seed));
              };
            });
  }
}
