package dev.showo2.conformance.golden;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.golden.pass.LoadedBackend;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.media.ImageDecoder;
import dev.showo2.media.internal.ImagePreprocessor;
import dev.showo2.pipeline.GenerationListener;
import dev.showo2.pipeline.ImageUnderstanding;
import dev.showo2.pipeline.ImageUnderstandingRequest;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import java.awt.image.BufferedImage;
import java.util.Set;

/** A question on an image file, from pixels to answer, with latents sampled by a seed. */
final class ImageUnderstandingRunner implements CaseRunner {

  @Override
  public boolean handles(GoldenCase golden) {
    return golden.stage().equals("understanding")
        && golden.announces("pixels")
        && golden.settings().has("image");
  }

  @Override
  public Rule rule(GoldenCase golden) {
    return Rule.P06;
  }

  @Override
  public Set<Stage> needs(GoldenCase golden) {
    return Set.of(
        Stage.TEXT_EMBEDDING,
        Stage.TIME_EMBEDDING,
        Stage.VAE_IMAGE_ENCODER,
        Stage.FUSION,
        Stage.BACKBONE,
        Stage.LANGUAGE_HEAD);
  }

  @Override
  public void run(GoldenCase golden, LoadedBackend subject, Checks checks) {
    BufferedImage image = ImageDecoder.read(golden.file("image"));
    HostTensor expected = golden.floats("pixels");
    int height = (int) expected.shape().dimension(2);
    int width = (int) expected.shape().dimension(3);
    HostTensor pixels =
        ImagePreprocessor.centerCrop(image, height, width).reshape(1, 3, height, width);
    checks.preprocessed("pixels", pixels, expected);

    ImageUnderstanding understanding = new ImageUnderstanding(subject.model());
    ImageUnderstandingRequest request =
        ImageUnderstandingRequest.builder(image, golden.settings().string("question"))
            .seed(golden.settings().longInteger("seed", 0, 0xffff_ffffL))
            .build();
    HostTensor latents = golden.floats("latents");
    checks.stage(
        "latents",
        understanding.latents(request).get(0).reshape(latents.shape().toArray()),
        latents);
    TextRunner.compare(golden, understanding.ask(request, GenerationListener.NONE), checks);
  }
}
