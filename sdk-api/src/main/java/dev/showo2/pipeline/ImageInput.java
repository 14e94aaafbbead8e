package dev.showo2.pipeline;

import dev.showo2.sampler.LatentSampling;
import dev.showo2.sampler.TorchRandom;
import dev.showo2.sequence.VisualTokens;
import dev.showo2.stage.FusionRequest;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.util.List;

/** An image that a question is about; its middle is what the model sees (SPEC 9). */
record ImageInput(LoadedModel model, BufferedImage image, LatentChoice choice, long seed)
    implements VisualInput {

  @Override
  public VisualTokens layout() {
    return VisualTokens.image(model.architecture().imageGrid().tokens());
  }

  @Override
  public List<Tensor> tokens(Run run) {
    run.check();
    HostTensor latents = latents();
    run.check();
    try (Tensor uploaded = model.backend().upload(latents)) {
      return List.of(model.backend().fusion().fuse(FusionRequest.of(uploaded)));
    }
  }

  /** [1, C, 1, h, w]. */
  HostTensor latents() {
    return PictureEncoder.of(model, model.architecture().imageGrid())
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
